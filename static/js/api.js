// Draws the description of the API; what is tried out goes with the session of who is signed in.
const place = document.getElementById("api-docs");
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
