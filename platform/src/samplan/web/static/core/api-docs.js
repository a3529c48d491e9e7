// Show the OpenAPI document that the page names; nothing is asked of any other host.
(() => {
  "use strict";
  const place = document.getElementById("api-docs");

  // The operations and their schemas alone. Swagger UI's own layout brings a second <main> and heading.
  const layout = ({ React }) => ({
    components: {
      OperationsLayout: ({ getComponent, specSelectors }) => {
        const part = (name) => React.createElement(getComponent(name, true), { key: name });
        const read = specSelectors.loadingStatus() === "success";
        const shown = ["SvgAssets", "errors", ...(read ? ["operations", "Models"] : [])];
        return React.createElement("div", { className: "swagger-ui" }, shown.map(part));
      },
    },
  });

  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.url,
    validatorUrl: null,
    deepLinking: false, // its links stand inside buttons, which assistive technology cannot tell apart
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    supportedSubmitMethods: [],
    plugins: [layout],
    layout: "OperationsLayout",
    onComplete: () => place.removeAttribute("aria-busy"),
  });
})();
