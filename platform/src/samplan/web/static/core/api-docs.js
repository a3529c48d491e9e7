// Show the OpenAPI document that the page names; nothing is asked of any other host.
(() => {
  "use strict";
  const place = document.getElementById("api-docs");
  const nothing = () => () => null;
  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.url,
    validatorUrl: null,
    deepLinking: false, // its links stand inside buttons, which assistive technology cannot tell apart
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    supportedSubmitMethods: [],
    plugins: [{ wrapComponents: { InfoContainer: nothing } }], // the page has a heading of its own
  });
})();
