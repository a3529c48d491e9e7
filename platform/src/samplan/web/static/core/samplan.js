// Small behaviours of the pages. Menus and dialogs are the browser's own (popover, command), requests are
// htmx, components are the design system; what is left is here. Runs before designsystemet-web.js.
(() => {
  "use strict";

  window.dsWarnings = false;

  // Trusted Types: designsystemet-web writes this one constant piece of markup (the list of a multiple
  // choice); htmx has a policy of its own. Everything else is refused.
  const SLOT = '<slot name="items"></slot>';
  window.trustedTypes?.createPolicy("default", { createHTML: (text) => (text === SLOT ? text : null) });

  const template = (id) => document.getElementById(id)?.content.cloneNode(true);

  // Show one of the messages that base.html carries in <template>, once.
  function showMessage(id) {
    const region = document.getElementById("flash");
    const message = template(id);
    if (!region || !message || region.querySelector(`[data-from="${id}"]`)) return;
    message.firstElementChild.dataset.from = id;
    region.append(message);
    region.scrollIntoView({ block: "nearest" });
  }

  function clickedDismiss(button) {
    const region = button.closest("#flash");
    button.closest("[data-message]")?.remove();
    if (region && !region.querySelector("[data-message]")) region.replaceChildren();
    document.getElementById("main")?.focus({ preventScroll: true });
  }

  // data-copy="id": copy the text of that element, say so in the button for two seconds.
  async function clickedCopy(button) {
    const source = document.getElementById(button.dataset.copy);
    const label = button.querySelector("[data-copy-label]");
    if (!source || !label) return;
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  }

  // data-tick-all="name": tick the form's boxes of that name, or none of them where all are ticked.
  function clickedTickAll(button) {
    const boxes = [...button.form.querySelectorAll(`input[name="${CSS.escape(button.dataset.tickAll)}"]`)];
    const tick = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = tick;
  }

  const clicks = [
    ["[data-dismiss]", clickedDismiss],
    ["[data-copy]", clickedCopy],
    ["[data-print-page]", () => window.print()],
    ["[data-tick-all]", clickedTickAll],
  ];

  document.addEventListener("click", (event) => {
    for (const [selector, run] of clicks) {
      const button = event.target.closest?.(selector);
      if (button) run(button);
    }
  });

  // Name the chosen files beside a file field.
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    const output = document.querySelector(`output[for="${CSS.escape(input.id)}"]`);
    if (!output) return;
    output.dataset.empty ??= output.textContent;
    output.textContent = [...input.files].map((file) => file.name).join(", ") || output.dataset.empty;
  });

  // data-row: links in one row that is scrolled where it is narrow; the current one is in sight from the start.
  for (const current of document.querySelectorAll("[data-row] [aria-current]")) {
    const row = current.closest("ul"), [box, whole] = [current, row].map((part) => part.getBoundingClientRect());
    row.scrollLeft += box.left - whole.left - (whole.width - box.width) / 2;
  }

  // A form that changes something is sent once: a second press within four seconds does nothing.
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), 4000);
  });

  // Requests of htmx: a failed fragment says so where it should have been, or in the message region.
  function failed(event, id) {
    const place = event.target.closest?.("[data-fragment]");
    const notice = place && template("sp-fragment-failed");
    if (notice) place.replaceChildren(notice);
    else showMessage(id);
  }

  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail.ctx.response.status >= 500) failed(event, "sp-server-failed");
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) failed(event, "sp-network-failed");
  });
  document.addEventListener("htmx:finally:request", (event) => {
    event.target.closest?.("[data-fragment]")?.removeAttribute("aria-busy");
  });
})();
