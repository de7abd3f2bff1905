// A run table by keyboard, as the ARIA practices want a grid: one cell at a time is in the order of Tab, arrows move it.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const HEADER = -1;
  const RESIZE_STEP = 16;
  const LINES_PER_PAGE_LESS = 2;

  // Where a key leads from a place [line, column]; null for a key that does not move. The header is line -1.
  function next_place([line, column], { key, ctrlKey }, { lines, columns, page }) {
    const moves = {
      ArrowUp: [line - 1, column], ArrowDown: [line + 1, column], ArrowLeft: [line, column - 1], ArrowRight: [line, column + 1],
      PageUp: [line - page, column], PageDown: [line + page, column],
      Home: ctrlKey ? [HEADER, 0] : [line, 0], End: ctrlKey ? [lines - 1, columns - 1] : [line, columns - 1],
    };
    const to = moves[key];
    if (!to) return null;
    return [Math.max(HEADER, Math.min(lines - 1, to[0])), Math.max(0, Math.min(columns - 1, to[1]))];
  }

  class Keys {
    constructor(grid, actions) {
      Object.assign(this, { grid, actions, place: [HEADER, 0] });
      grid.grid.addEventListener("keydown", (event) => this.pressed(event));
      grid.grid.addEventListener("focusin", ({ target }) => this.focused(target));
      // A key that comes while the focused row is out of sight leads back to it.
      grid.box.addEventListener("keydown", (event) => event.target === grid.box && this.pressed(event));
      grid.after_draw = (had_focus, held) => this.mark(had_focus, held);
    }

    target_of(cell) {
      const line = this.grid.view.lines[this.place[0]];
      if (!cell) return null;
      if (this.place[0] === HEADER) return cell.querySelector(".sort_button") ?? cell;
      const link = cell.querySelector("a");
      if (cell.matches(".name") && line < 0) return cell.querySelector(".fold");
      return link && !link.hidden ? link : cell;
    }

    cell() {
      const [line, column] = this.place;
      const row = line === HEADER ? this.grid.head : this.grid.row_at(line);
      return row?.cells[column] ?? null;
    }

    // Goes along with a run and a column that stand elsewhere now; tells whether both are still there.
    follow({ key, column }) {
      const { grid } = this;
      const line = key === undefined ? HEADER : grid.view.lines.findIndex((each) => grid.asks.key_of(each) === key);
      const place = grid.columns.findIndex(({ id }) => id === column);
      const is_there = place >= 0 && (key === undefined || line >= 0);
      if (is_there) this.place = [line, place];
      return is_there;
    }

    // Lets exactly one thing in the table be reached by Tab. What was `held` has the focus again, if it is to be taken.
    mark(takes_focus = false, held = null) {
      const is_there = held && this.follow(held);
      this.place = [Math.min(this.place[0], this.grid.line_count() - 1), Math.min(this.place[1], this.grid.columns.length - 1)];
      const target = this.target_of(this.cell());
      if (this.tabbed && this.tabbed !== target) this.tabbed.tabIndex = -1;
      this.tabbed = target ?? this.grid.box;
      this.tabbed.tabIndex = 0;
      if (!takes_focus) return;
      const control = is_there && held.control && this.cell()?.querySelector(`${held.control}:not([hidden])`);
      (control || this.tabbed).focus({ preventScroll: true });
    }

    focused(target) {
      const cell = target.closest("th, td");
      const row = cell?.parentElement;
      if (!row || row.matches(".spacer")) return;
      this.place = [row === this.grid.head ? HEADER : this.grid.place_of(row), cell.cellIndex];
      this.mark();
    }

    go(place) {
      this.place = place;
      const [line, column] = place;
      const { box, heads } = this.grid;
      if (line !== HEADER) this.bring_line(line);
      this.grid.draw_window();
      this.mark(true);
      const head = heads[column];
      const pinned = (this.grid.lefts?.length ? heads[this.grid.lefts.length - 1] : heads[0]).getBoundingClientRect().right - box.getBoundingClientRect().left;
      if (column < (this.grid.lefts?.length ?? 1)) return;
      if (head.offsetLeft < box.scrollLeft + pinned) box.scrollLeft = head.offsetLeft - pinned;
      else if (head.offsetLeft + head.offsetWidth > box.scrollLeft + box.clientWidth) box.scrollLeft = head.offsetLeft + head.offsetWidth - box.clientWidth;
    }

    bring_line(line) {
      const { box, head } = this.grid;
      const height = runsite.table_view.ROW_HEIGHT;
      const top = line * height;
      const room = box.clientHeight - head.offsetHeight - height;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (top > box.scrollTop + room) box.scrollTop = top - room;
    }

    pressed(event) {
      if (event.target.matches("input:not(.select_run)")) return;
      if (this.acts(event)) return event.preventDefault();
      if (event.altKey || event.metaKey) return undefined;
      const page = Math.max(1, Math.floor(this.grid.box.clientHeight / runsite.table_view.ROW_HEIGHT) - LINES_PER_PAGE_LESS);
      const next = next_place(this.place, event, { lines: this.grid.line_count(), columns: this.grid.columns.length, page });
      if (!next) return undefined;
      event.preventDefault();
      return this.go(next);
    }

    acts(event) {
      return this.place[0] === HEADER ? this.acts_on_column(event) : this.acts_on_line(event);
    }

    acts_on_column({ key, altKey, shiftKey, ctrlKey, target }) {
      const column = this.grid.columns[this.place[1]];
      const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (altKey && shiftKey && by) return this.actions.resize(column, by * RESIZE_STEP);
      if (altKey && by) return this.actions.move(column, by);
      if (key === "ContextMenu" || (key === "F10" && shiftKey) || (altKey && key === "ArrowDown")) return this.actions.open_menu(column);
      if (key === "Enter" && target.matches(".sort_button") && (shiftKey || ctrlKey)) return this.actions.sort(column, true);
      return false;
    }

    open_run() {
      this.grid.row_at(this.place[0])?.querySelector(".name a").click();
      return true;
    }

    acts_on_line({ key, altKey, ctrlKey, metaKey, target }) {
      if (altKey || ctrlKey || metaKey) return false;
      const line = this.grid.view.lines[this.place[0]];
      const is_first = this.place[1] === 0;
      const is_open = this.grid.asks.is_open(line);
      if (is_first && is_open !== null && key === (is_open ? "ArrowLeft" : "ArrowRight")) return this.actions.fold(line);
      if (line < 0 && key === "Enter") return is_open === null ? false : this.actions.fold(line);
      if (key === "Enter" && target.matches("td")) return this.open_run();
      const acts = { " ": "select", e: "draw", b: "compare" }[key];
      return acts ? this.actions[acts](line) : false;
    }
  }

  runsite.Keys = Keys;
  if (typeof module !== "undefined") module.exports = { next_place };
})();
