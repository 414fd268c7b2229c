// Copy buttons beside what is shown once, and the browser's own zone as a proposal.

for (const box of document.querySelectorAll("[data-copy-from]")) {
  const button = box.querySelector("[data-copy]");
  const input = box.querySelector("input");
  button.hidden = false;
  input.addEventListener("focus", () => input.select());
  button.addEventListener("click", async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      document.execCommand("copy"); // no clipboard without https
    }
    button.querySelector("span").textContent = "Copied";
  });
}

for (const input of document.querySelectorAll("input[data-zone][required]")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own && (input.value === "" || (input.value === "UTC" && "guess" in input.dataset))) input.value = own;
}
