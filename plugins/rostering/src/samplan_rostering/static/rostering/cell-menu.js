// The menu of a cell in <roster-grid>: asked for by right button, Shift+F10 or the visible button, and filled in by
// the server. What is chosen in it is said by the event `cell-chosen`, to the grid.
(() => {
  "use strict";

  class CellMenu {
    constructor(grid) {
      this.grid = grid;
      this.dialog = grid.querySelector("#cell-menu");
      this.ask = grid.querySelector("#cell-ask");
      this.dialog.addEventListener("click", (event) => this.clicked(event));
      this.dialog.addEventListener("close", () => grid.current?.focus());
      document.addEventListener("htmx:after:swap", (event) => {
        if (event.detail?.ctx?.sourceElement === this.ask && !this.dialog.open) this.dialog.showModal();
      });
    }

    open(employee, date) {
      this.ask.elements.employee.value = employee;
      this.ask.elements.date.value = date;
      this.ask.requestSubmit();
    }

    clicked(event) {
      const button = event.target.closest("[data-cell], [data-close]");
      if (!button) return;
      this.dialog.close();
      if (!button.dataset.cell) return;
      const detail = JSON.parse(button.dataset.cell);
      this.grid.dispatchEvent(new CustomEvent("cell-chosen", { detail }));
    }
  }

  window.CellMenu = CellMenu;
})();
