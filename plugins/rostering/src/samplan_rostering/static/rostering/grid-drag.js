// Dragging a shift in <roster-grid> with the mouse or a pen. A finger scrolls, and places by taps.
(() => {
  "use strict";
  const FAR = 6; // pixels before a press becomes a drag

  class GridDrag {
    constructor(grid) {
      this.grid = grid;
      this.moved = false;
      grid.addEventListener("pointerdown", (event) => this.pressed(event));
    }

    pressed(event) {
      const cell = this.grid.cellOf(event.target);
      this.moved = false;
      if (!cell?.dataset.shift || event.pointerType === "touch" || event.button !== 0 || this.grid.lifted) return;
      const begin = [event.clientX, event.clientY];
      const move = (now) => this.move(cell, begin, now);
      const end = (last) => {
        for (const kind of ["pointerup", "pointercancel"]) removeEventListener(kind, end);
        removeEventListener("pointermove", move);
        this.end(last);
      };
      addEventListener("pointermove", move);
      for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, end);
    }

    move(cell, [x, y], now) {
      if (!this.moved && Math.hypot(now.clientX - x, now.clientY - y) < FAR) return;
      if (!this.moved) {
        this.moved = true;
        this.grid.lift(cell);
        this.ghost = this.makeGhost(cell);
      }
      if (this.ghost) this.ghost.style.translate = `${now.clientX + 8}px ${now.clientY + 8}px`;
      now.preventDefault();
    }

    end(last) {
      const target = this.moved && this.grid.cellOf(document.elementFromPoint(last.clientX, last.clientY));
      const ghost = this.ghost;
      this.ghost = null;
      if (ghost) ghost.style.display = "none";
      if (this.moved && this.grid.lifted) {
        if (target && last.type === "pointerup") this.grid.putDown(target);
        else this.grid.putBack();
      }
      // After the click that follows, and after the request has gone: taking it away costs new styles.
      setTimeout(() => { this.moved = false; ghost?.remove(); });
    }

    makeGhost(cell) {
      const ghost = cell.querySelector(".ro-shift").cloneNode(true);
      ghost.classList.add("ro-ghost");
      ghost.setAttribute("aria-hidden", "true");
      document.body.append(ghost);
      return ghost;
    }
  }

  window.GridDrag = GridDrag;
})();
