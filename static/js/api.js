// Draws the description of the API; what is tried out goes with the session of who is signed in.
const place = document.getElementById("api-docs");

// Swagger's page for those who don't see it: one main area a page, headings in their order, names for its
// fields, long examples within the keyboard's reach, and no link inside of a button that does the same.
const MENDED = [
  ["main", (part) => part.setAttribute("role", "group")],
  ["main", (part) => part.setAttribute("aria-label", "Description of the API")],
  ["h3.opblock-tag", (part) => part.setAttribute("aria-level", "2")],
  ["h4", (part) => part.setAttribute("aria-level", "3")],
  ["h5", (part) => part.setAttribute("aria-level", "4")],
  ["textarea.body-param__text", (part) => part.setAttribute("aria-label", "Body of the request")],
  ["pre, .highlight-code", (part) => part.setAttribute("tabindex", "0")],
  ["button a[href]", (part) => part.removeAttribute("href")],
];

function mend() {
  for (const [parts, change] of MENDED) place.querySelectorAll(parts).forEach(change);
}

new MutationObserver(mend).observe(place, { childList: true, subtree: true });

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  requestInterceptor(request) {
    const headers = document.body.getAttribute("hx-headers");
    if (headers && new URL(request.url, location.href).origin === location.origin) {
      Object.assign(request.headers, JSON.parse(headers));
    }
    return request;
  },
});
