// Draws each <figure data-chart> from the table inside it; the table stays for whoever wants figures.

const HUES = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"];
const GRADES = { A: "--grade-a", B: "--grade-b", C: "--grade-c", D: "--grade-d" }; // the same in every plot
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3], [4, 4], [1, 2]];
const POINTS = ["circle", "rect", "triangle", "rectRot", "cross", "star"];
const drawn = new Map();
const opened = new Set(); // titles of the tables that somebody opened: a refresh leaves them open
let library;

function load(src) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.onload = () => resolve(globalThis.Chart);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

// A custom property may hold light-dark(); only a computed colour can be drawn with.
function colour(name, root) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  root.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = value;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
}

function readTable(figure) {
  const [head, ...rows] = [...figure.querySelectorAll("table tr")];
  const names = [...head.cells].slice(1).map((cell) => cell.textContent.trim());
  const value = (cell) => (cell.dataset.value === "" ? null : Number(cell.dataset.value));
  return {
    labels: rows.map((row) => row.querySelector("[data-name]").textContent.trim()),
    marks: rows.map((row) => row.dataset.mark ?? ""),
    series: names.map((name, place) => ({ name, values: rows.map((row) => value(row.cells[place + 1])) })),
  };
}

function datasets(figure, series, length) {
  const isStep = figure.dataset.chart === "step";
  const isLine = isStep || figure.dataset.chart === "line";
  const hue = (name, place) => colour(GRADES[name] ?? HUES[place % HUES.length], figure);
  const sets = series.map(({ name, values }, place) => ({
    label: name,
    data: values,
    borderColor: hue(name, place),
    backgroundColor: hue(name, place),
    ...(isLine
      ? { borderWidth: 2, borderDash: DASHES[place % 6], pointStyle: POINTS[place % 6], pointRadius: isStep ? 0 : 3, tension: 0, stepped: isStep && "middle" }
      : { borderWidth: 0, borderRadius: 3, maxBarThickness: 36 }),
  }));
  if (figure.dataset.target) {
    const ink = colour("--ink-3", figure);
    const data = Array(length).fill(Number(figure.dataset.target));
    sets.push({ type: "line", label: "Target", data, borderColor: ink, backgroundColor: ink, borderWidth: 1, borderDash: [3, 3], pointRadius: 0 });
  }
  return sets;
}

function options(figure, count) {
  const [ink, line] = [colour("--ink-2", figure), colour("--line", figure)];
  const unit = figure.dataset.unit ? ` ${figure.dataset.unit}` : "";
  const stacked = figure.dataset.chart === "stacked";
  const write = (value) => `${Number(value).toLocaleString("en")}${unit}`;
  const ticks = { color: ink, font: { size: 12 } };
  const names = { stacked, grid: { display: false }, border: { color: line }, ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 12 } };
  const grace = figure.dataset.chart === "step" ? "10%" : 0;  // a line along the upper edge would be cut in half
  const values = { stacked, beginAtZero: true, grace, grid: { color: line }, border: { display: false }, ticks: { ...ticks, callback: write, maxTicksLimit: 5, precision: 0 } };
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { mode: "index", intersect: false },
    indexAxis: figure.dataset.chart === "ranking" ? "y" : "x",
    scales: figure.dataset.chart === "ranking" ? { y: names, x: values } : { x: names, y: values },
    plugins: {
      legend: { display: count > 1, align: "start", labels: { color: ink, usePointStyle: true, boxHeight: 7, font: { size: 12 } } },
      tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${write(item.raw)}` } },
    },
  };
}

// What began at some rows, as upright lines on their left, each with its words where they fit.
function marker(figure, marks) {
  const [ink, line] = [colour("--ink-2", figure), colour("--ink-3", figure)];
  return {
    id: "marks",
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const step = chartArea.width / Math.max(1, marks.length - (scales.x.options.offset ? 0 : 1));
      let taken = -Infinity;
      ctx.save();
      Object.assign(ctx, { strokeStyle: line, fillStyle: ink, textBaseline: "bottom", textAlign: "left" });
      ctx.font = `12px ${getComputedStyle(figure).fontFamily}`;
      ctx.setLineDash([3, 3]);
      marks.forEach((mark, place) => {
        if (!mark) return;
        const x = Math.round(Math.max(chartArea.left, scales.x.getPixelForValue(place) - step / 2)) + 0.5;
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top - 4);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        const width = ctx.measureText(mark).width;
        const start = Math.min(x - 2, chartArea.right - width);
        if (start < taken) return;
        ctx.fillText(mark, start, chartArea.top - 5);
        taken = start + width + 6;
      });
      ctx.restore();
    },
  };
}

async function draw(figure) {
  const Chart = await load(figure.dataset.library);
  const table = readTable(figure);
  const holder = figure.querySelector(".chart-canvas");
  drawn.get(figure)?.destroy();
  holder.hidden = false;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${figure.querySelector("figcaption").textContent.trim()}; the figures stand in the table below.`);
  holder.replaceChildren(canvas);
  const sets = datasets(figure, table.series, table.labels.length);
  const type = ["line", "step"].includes(figure.dataset.chart) ? "line" : "bar";
  const config = { type, data: { labels: table.labels, datasets: sets }, options: options(figure, sets.length) };
  if (table.marks.some(Boolean)) {
    config.options.layout = { padding: { top: 20 } };
    config.options.plugins.legend.position = "bottom";
    config.plugins = [marker(figure, table.marks)];
  }
  if (!drawn.has(figure)) {
    const [details, title] = [figure.querySelector("details"), figure.querySelector("figcaption").textContent];
    details.open = opened.has(title);
    details.addEventListener("toggle", () => opened[details.open ? "add" : "delete"](title));
  }
  drawn.set(figure, new Chart(canvas, config));
}

export function drawCharts(root) {
  for (const figure of root.querySelectorAll("figure[data-chart]")) {
    if (figure.querySelector("tbody tr")) draw(figure);
  }
}

document.addEventListener("bantam:theme", () => {
  for (const figure of drawn.keys()) {
    if (figure.isConnected) draw(figure);
    else drawn.delete(figure);
  }
});
