// <roster-grid>: lifting, moving and placing shifts by mouse, touch and keyboard. What is wanted is sent by the
// form #roster-edit; the server answers the changed rows, and htmx puts them in place. Dragging and the menu of a cell
// have files of their own.
(() => {
  "use strict";
  const PAUSE = 120; // milliseconds before the effect at another place is asked for
  const PATIENCE = 200; // milliseconds before it is said that an answer is awaited

  class RosterGrid extends HTMLElement {
    connectedCallback() {
      this.place = [1, 0]; // the cell that takes the keys: row from 1, day from 0
      this.lifted = null;
      this.known = new Map(); // effects of the lifted shift by cell
      this.shifts = JSON.parse(this.dataset.shifts);
      this.menu = new window.CellMenu(this);
      this.drag = new window.GridDrag(this);
      this.say = this.querySelector("#roster-say");
      this.usual = this.say.firstElementChild;
      this.line = document.createElement("span");
      this.line.append("");
      this.mark();
      this.listen();
    }

    listen() {
      this.addEventListener("keydown", (event) => this.pressed(event));
      this.addEventListener("click", (event) => this.clicked(event));
      this.addEventListener("contextmenu", (event) => this.asked(event));
      this.addEventListener("pointerover", (event) => this.hovered(event.target));
      this.addEventListener("focusin", (event) => this.focused(event.target));
      this.addEventListener("cell-chosen", (event) => this.change(this.current, event.detail));
      document.addEventListener("htmx:after:swap", (event) => this.swapped(event));
      document.addEventListener("htmx:finally:request", () => this.finished());
      document.addEventListener("keydown", (event) => this.called(event));
      document.querySelector("[data-to-grid]")?.addEventListener("click", (event) => {
        event.preventDefault();
        this.current?.focus();
      });
    }

    // --- cells ---

    cellAt(row, day) { return document.getElementById(`cell-${row}-${day}`); }
    cellOf(element) { return element?.closest?.(".ro-people td[tabindex]"); }
    placeOf(cell) { return cell.id.split("-").slice(1).map(Number); }
    get current() { return this.cellAt(...this.place); }
    get heads() { return this.querySelectorAll(".ro-days th[data-date]"); }
    employee(cell) { return cell.parentElement.dataset.employee; }
    name(cell) { return cell.parentElement.querySelector(".ro-person").textContent; }
    date(cell) { return this.heads[this.placeOf(cell)[1]].dataset.date; }

    // Exactly one cell can be reached by Tab.
    mark() {
      for (const cell of this.querySelectorAll(".ro-people td[tabindex='0']")) cell.tabIndex = -1;
      const cell = this.current;
      if (cell) cell.tabIndex = 0;
      if (this.lifted) this.cellAt(...this.lifted)?.setAttribute("aria-selected", "true");
    }

    focused(target) {
      const cell = this.cellOf(target);
      if (!cell) return;
      this.place = this.placeOf(cell);
      this.mark();
      this.hovered(cell);
    }

    // A text node that changes costs no new styles of the page, an element that is put in does.
    tell(text) {
      this.line.firstChild.data = text;
      if (this.line.parentElement !== this.say) this.say.replaceChildren(this.line);
    }

    quiet() { this.say.replaceChildren(this.usual); }

    text(name, values = {}) {
      return this.dataset[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
    }

    // --- lifting and putting down ---

    lift(cell) {
      if (!cell.dataset.shift) return;
      if ("locked" in cell.dataset) { this.tell(this.text("sayLocked")); return; }
      this.drop();
      this.lifted = this.placeOf(cell);
      cell.setAttribute("aria-selected", "true");
      this.tell(this.text("sayLifted", { shift: cell.dataset.shift, name: this.name(cell), date: this.date(cell) }));
      this.askEffects(cell);
    }

    // Forget what is lifted.
    drop() {
      this.lifted = null;
      this.known.clear();
      this.clean();
    }

    clean() {
      for (const cell of this.querySelectorAll("td[aria-selected]")) cell.removeAttribute("aria-selected");
      for (const cell of this.querySelectorAll("td[data-effect]")) delete cell.dataset.effect;
    }

    putBack() {
      if (!this.lifted) return;
      this.drop();
      this.tell(this.text("sayBack"));
    }

    putDown(cell) {
      const from = this.cellAt(...this.lifted);
      if (cell === from) { this.putBack(); return; }
      if ("locked" in cell.dataset) { this.tell(this.text("sayLocked")); return; }
      const there = cell.dataset.shift ?? "";
      this.send([
        { employee: this.employee(from), date: this.date(from), shift: there },
        { employee: this.employee(cell), date: this.date(cell), shift: from.dataset.shift },
      ], cell);
    }

    send(cells, cell) {
      const reason = document.getElementById("roster-reason");
      if (reason && !reason.value.trim()) {
        this.tell(this.text("sayReason"));
        reason.focus();
        return;
      }
      this.lifted = null;
      this.known.clear(); // its marks go with the answer: the page is painted once
      this.place = this.placeOf(cell);
      this.hadFocus = true;
      this.setAttribute("aria-busy", "true");
      this.patience = setTimeout(() => { this.dataset.slow = ""; this.tell(this.text("sayWaiting")); }, PATIENCE);
      const form = document.getElementById("roster-edit");
      form.elements.cells.value = JSON.stringify(cells);
      form.requestSubmit();
    }

    change(cell, wanted) { this.send([{ employee: this.employee(cell), date: this.date(cell), ...wanted }], cell); }

    toggleLock(cell) { this.change(cell, { locked: !("locked" in cell.dataset) }); }

    swapped(event) {
      const source = event.detail?.ctx?.sourceElement;
      if (source?.id === "cell-ask" || (!this.contains(event.target) && !this.contains(source))) return;
      if (!this.say.querySelector("[data-done]")) this.quiet();
      this.mark();
      if (this.hadFocus) { this.hadFocus = false; this.current?.focus(); }
    }

    // A request has ended, well or not.
    finished() {
      if (!this.hasAttribute("aria-busy")) return;
      clearTimeout(this.patience);
      delete this.dataset.slow;
      this.removeAttribute("aria-busy");
      if (!this.lifted) this.clean();
      if (!this.say.querySelector("[data-done]")) this.quiet();
    }

    // --- effects before dropping ---

    async fetchEffects(parameters) {
      const answer = await fetch(`${this.dataset.effects}?${new URLSearchParams(parameters)}`);
      return answer.ok ? (await answer.json()).targets : [];
    }

    async askEffects(cell) {
      const lifted = this.lifted;
      const targets = await this.fetchEffects({ employee: this.employee(cell), date: this.date(cell) });
      if (this.lifted === lifted) this.remember(targets);
    }

    remember(targets) {
      const rows = new Map([...this.querySelectorAll(".ro-people tr")].map((row) => [row.dataset.employee, row]));
      for (const target of targets) {
        const row = Number(rows.get(target.employee)?.id.split("-")[1]);
        const cell = this.cellAt(row, target.day);
        if (!cell) continue;
        if (target.text) this.known.set(cell.id, target.text);
        cell.dataset.effect = target.level;
      }
    }

    hovered(target) {
      const cell = this.cellOf(target);
      clearTimeout(this.waiting);
      if (!cell || !this.lifted || cell === this.cellAt(...this.lifted)) return;
      const tell = () => this.tell(`${this.name(cell)} ${this.date(cell)}: ${this.known.get(cell.id)}`);
      if (this.known.has(cell.id)) { tell(); return; }
      const lifted = this.lifted;
      this.waiting = setTimeout(async () => {
        const from = this.cellAt(...lifted);
        const targets = await this.fetchEffects({
          employee: this.employee(from), date: this.date(from),
          to_employee: this.employee(cell), to_date: this.date(cell),
        });
        if (this.lifted !== lifted) return;
        this.remember(targets);
        if (this.known.has(cell.id)) tell();
      }, PAUSE);
    }

    // --- mouse and touch ---

    clicked(event) {
      const tool = event.target.closest("[data-tool], [data-forget]");
      if (tool) { this.used(tool); return; }
      if (event.target.closest("a, button, label, input")) return;
      const cell = this.cellOf(event.target);
      if (!cell || this.drag.moved) return;
      if (this.lifted) this.putDown(cell);
      else this.lift(cell);
    }

    used(tool) {
      if ("forget" in tool.dataset) document.getElementById("roster-news").replaceChildren();
      else if (tool.dataset.tool === "menu") this.askMenu(this.current);
      else if (tool.dataset.tool === "lock") this.toggleLock(this.current);
    }

    asked(event) {
      const cell = this.cellOf(event.target);
      if (!cell) return;
      event.preventDefault();
      this.askMenu(cell);
    }

    askMenu(cell) {
      this.place = this.placeOf(cell);
      this.mark();
      this.menu.open(this.employee(cell), this.date(cell));
    }

    // --- keys ---

    // F6 goes to the grid from anywhere on the page, and from the grid to its tools.
    called(event) {
      if (event.key !== "F6" || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      const inside = this.cellOf(document.activeElement);
      (inside ? this.querySelector("[data-tool]") : this.current)?.focus();
    }

    pressed(event) {
      if ((event.ctrlKey || event.metaKey) && ["z", "y", "Z"].includes(event.key) && !event.target.closest("input")) {
        const redo = event.key === "y" || event.shiftKey;
        const button = this.querySelector(`[data-turn="${redo ? "redo" : "undo"}"]`);
        this.hadFocus = Boolean(this.cellOf(event.target));
        if (!button.disabled) button.form.requestSubmit();
        event.preventDefault();
        return;
      }
      const cell = this.cellOf(event.target);
      if (!cell || event.target !== cell || event.altKey) return;
      const edge = (event.ctrlKey || event.metaKey) && ["Home", "End"].includes(event.key);
      if ((event.ctrlKey || event.metaKey) && !edge) return;
      if (this.moved(event) || this.key(event, cell)) event.preventDefault();
    }

    // Go where an arrow, Home or End leads; with Ctrl the first or last row too. Tells whether it is one of these.
    moved(event) {
      const [row, day] = this.place;
      const last = this.heads.length - 1;
      const rows = this.querySelectorAll(".ro-people tr").length;
      const moves = {
        ArrowLeft: [row, day - 1], ArrowRight: [row, day + 1], ArrowUp: [row - 1, day], ArrowDown: [row + 1, day],
        Home: [event.ctrlKey ? 1 : row, 0], End: [event.ctrlKey ? rows : row, last],
        PageUp: [row, Math.max(day - 7, 0)], PageDown: [row, Math.min(day + 7, last)],
      };
      if (!(event.key in moves) || event.shiftKey) return false;
      this.cellAt(...moves[event.key])?.focus();
      return true;
    }

    // Do what a key says in a cell; tells whether it says anything.
    key(event, cell) {
      if (event.key === "Enter" || event.key === " ") {
        if (this.lifted) this.putDown(cell);
        else if (cell.dataset.shift) this.lift(cell);
        else this.askMenu(cell);
      } else if (event.key === "Escape") this.putBack();
      else if ((event.key === "F10" && event.shiftKey) || event.key === "ContextMenu") this.askMenu(cell);
      else if (event.key === "Delete" || event.key === "Backspace") this.change(cell, { shift: "" });
      else if (event.key === "l" || event.key === "L") this.toggleLock(cell);
      else if (event.key === "?") document.getElementById("roster-help").showModal();
      else if (/^[1-9]$/.test(event.key)) {
        const shift = this.shifts[Number(event.key) - 1];
        if (shift) this.change(cell, { shift });
      } else return false;
      return true;
    }
  }

  customElements.define("roster-grid", RosterGrid);
})();
