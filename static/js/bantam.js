// The frame's own behaviour; every page works without it.
import "./keys.js";
import "./toasts.js";
import "./content.js";
import "./swaps.js";
import "./selection.js";
import { drawCharts } from "./charts.js";

drawCharts(document);
document.addEventListener("htmx:load", (event) => drawCharts(event.target));
