// A run table by pointer: a header is clicked to sort, dragged to move its column, its edge dragged to resize it; rows
// are selected, drawn, folded and compared.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  // A shaky click is no drag.
  const DRAG_START = 6;

  // How many places a column moves when it is dropped at `x`, by the edges of the headers.
  function places_moved(edges, from, x) {
    let to = edges.findLastIndex(([left]) => x >= left);
    if (to < 0) to = 0;
    const middle = (edges[to][0] + edges[to][1]) / 2;
    if (to > from && x < middle) to -= 1;
    if (to < from && x > middle) to += 1;
    return to - from;
  }

  class Pointer {
    constructor(grid, actions) {
      Object.assign(this, { grid, actions });
      grid.head.addEventListener("click", (event) => this.clicked_head(event));
      grid.head.addEventListener("contextmenu", (event) => this.menu_asked(event));
      grid.head.addEventListener("pointerdown", (event) => this.pressed_head(event));
      grid.body.addEventListener("click", (event) => this.clicked_row(event));
      grid.body.addEventListener("pointerover", (event) => this.over_row(event.target));
      grid.body.addEventListener("pointerleave", () => this.over_row(null));
    }

    column_of(target) {
      const head = target.closest("th");
      return head ? this.grid.columns[head.cellIndex] : null;
    }

    clicked_head(event) {
      const column = this.column_of(event.target);
      if (this.dragged || !column) return;
      if (event.target.closest(".column_menu")) this.actions.open_menu(column);
      else if (event.target.closest(".sort_button")) this.actions.sort(column, event.shiftKey);
    }

    menu_asked(event) {
      const column = this.column_of(event.target);
      if (!column) return;
      event.preventDefault();
      this.actions.open_menu(column);
    }

    pressed_head(event) {
      this.dragged = false;
      const column = this.column_of(event.target);
      if (!column || event.button) return;
      if (event.target.matches(".resize_handle")) this.start_resize(event, column);
      else if (event.pointerType === "mouse" && column.id !== "name" && !this.grid.view.groups && !event.target.closest(".column_menu")) this.start_move(event, column);
    }

    follow(move, end) {
      const stop = (event) => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", stop);
        removeEventListener("pointercancel", stop);
        end(event);
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", stop);
      addEventListener("pointercancel", stop);
    }

    start_resize(event, column) {
      event.preventDefault();
      this.dragged = true;
      const start = event.clientX;
      let before = 0;
      this.follow((move) => {
        const by = Math.round(move.clientX - start);
        this.actions.resize(column, by - before);
        before = by;
      }, () => setTimeout(() => { this.dragged = false; }));
    }

    start_move(event, column) {
      const from = this.grid.columns.indexOf(column);
      const head = this.grid.heads[from];
      const start = event.clientX;
      this.follow((move) => {
        if (!this.dragged && Math.abs(move.clientX - start) < DRAG_START) return;
        this.dragged = true;
        head.classList.add("dragged");
        head.style.setProperty("--dragged-by", `${move.clientX - start}px`);
      }, (end) => {
        head.classList.remove("dragged");
        if (!this.dragged) return;
        const edges = this.grid.heads.map((each) => each.getBoundingClientRect()).map(({ left, right }) => [left, right]);
        const by = places_moved(edges, from, end.clientX);
        if (by) this.actions.move(column, by);
        setTimeout(() => { this.dragged = false; });
      });
    }

    line_of(target) {
      const row = target?.closest("tr:not(.spacer)");
      return row && this.grid.rows.includes(row) ? this.grid.view.lines[this.grid.place_of(row)] : null;
    }

    clicked_row({ target, shiftKey }) {
      const line = this.line_of(target);
      if (line === null) return;
      if (target.closest(".fold")) this.actions.fold(line);
      else if (target.closest(".select_run")) this.actions.select(line, shiftKey);
      else if (target.closest(".eye")) this.actions.draw(line);
      else if (target.closest(".compare")) this.actions.compare(line);
    }

    over_row(target) {
      const line = this.line_of(target);
      if (line === this.over) return;
      this.over = line;
      this.actions.lift(line);
    }
  }

  runsite.Pointer = Pointer;
  if (typeof module !== "undefined") module.exports = { places_moved };
})();
