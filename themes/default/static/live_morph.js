// Takes a page that was printed anew into the one that is open: what the new one says otherwise than the old one did is
// changed, everything else stays, and so does all that scripts and the reader made of it. A copy of the page as it came
// is kept for that; each of its nodes knows the node on the screen that came of it.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const live = (runsite.live ??= {});

  // A run table draws its rows itself, from data that are loaded again; and charts write who is drawn.
  const LEFT_ALONE = ".run_table, .chart_legend";
  const CARD = ".metric_chart[data-metric]";
  // Beyond, finding what is common costs more than it saves.
  const MAX_MATCHED = 600;

  // Pairs what two lists of keys have in common, in order, and lists what only one of them has:
  // [[0, 0], [1, null], [null, 1]] is [index in old or null, index in fresh or null].
  function align(old, fresh) {
    if (old.length * fresh.length > MAX_MATCHED ** 2) return by_place(old, fresh);
    const best = common_lengths(old, fresh);
    const pairs = [];
    let [at, to] = [0, 0];
    while (at < old.length || to < fresh.length) {
      if (at < old.length && to < fresh.length && old[at] === fresh[to]) pairs.push([at++, to++]);
      else if (to === fresh.length || (at < old.length && best[at + 1][to] >= best[at][to + 1])) pairs.push([at++, null]);
      else pairs.push([null, to++]);
    }
    return pairs;
  }

  // How much of two lists is in common from each pair of places on.
  function common_lengths(old, fresh) {
    const best = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
    for (let at = old.length - 1; at >= 0; at -= 1) {
      for (let to = fresh.length - 1; to >= 0; to -= 1) {
        best[at][to] = old[at] === fresh[to] ? best[at + 1][to + 1] + 1 : Math.max(best[at + 1][to], best[at][to + 1]);
      }
    }
    return best;
  }

  function by_place(old, fresh) {
    return Array.from({ length: Math.max(old.length, fresh.length) }, (_, place) => {
      if (place >= old.length || place >= fresh.length) return [place < old.length ? place : null, place < fresh.length ? place : null];
      return old[place] === fresh[place] ? [place, place] : [[place, null], [null, place]];
    }).flatMap((pair) => (Array.isArray(pair[0]) || Array.isArray(pair[1]) ? pair : [pair]));
  }

  // What makes a node the same one as before: its kind, and its id, its metric, run or prefix, or where its first link leads.
  function key_of(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeName;
    const { id, dataset, nodeName } = node;
    const own = id || dataset.metric || dataset.run || dataset.prefix;
    if (own) return `${nodeName} ${own}`;
    if (nodeName !== "TR" && nodeName !== "LI") return nodeName;
    const link = node.querySelector("a[href]");
    return `${nodeName} ${link ? link.getAttribute("href") : node.firstElementChild?.textContent ?? ""}`;
  }

  // The page's policy refuses styles that are set as an attribute.
  function set_attribute(node, name, value) {
    if (name === "style") node.style.cssText = value;
    else node.setAttribute(name, value);
  }

  const cards_of = (root) => new Map([...root.querySelectorAll(CARD)].map((card) => [card.dataset.metric, card]));

  class Original {
    // The page as it is on the screen, before any script has changed it.
    constructor(root) {
      this.shown_of = new WeakMap();
      this.root = root.cloneNode(true);
      this.pair(this.root, root);
    }

    pair(node, shown) {
      this.shown_of.set(node, shown);
      const children = shown.childNodes;
      node.childNodes.forEach((child, index) => this.pair(child, children[index]));
    }

    // Takes the page over; gives the elements that are new on the screen.
    take(fresh) {
      const added = [];
      const focused = document.activeElement;
      const before = cards_of(this.root);
      this.staying = new Set(cards_of(fresh).keys());
      this.patch(this.root, fresh, added);
      for (const [metric, card] of cards_of(this.root)) {
        const old = before.get(metric) ?? card;
        if (old !== card) this.move(old, card, added);
      }
      if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true }); // moving a card takes the focus away
      return added;
    }

    // A card that is printed elsewhere than before, in other order or in a group, stays the one that it was. Whoever put it
    // in a place of his own hears where it belongs now.
    move(old, fresh, added) {
      const [shown, place] = [old, fresh].map((card) => this.shown_of.get(card));
      fresh.replaceWith(old);
      this.patch(old, fresh, added);
      if (place.dispatchEvent(new CustomEvent("runsite:moved", { detail: shown, bubbles: true, cancelable: true }))) place.replaceWith(shown);
    }

    patch(old, fresh, added) {
      if (old.nodeType !== Node.ELEMENT_NODE) return this.patch_text(old, fresh);
      this.patch_attributes(old, fresh);
      if (old.matches(LEFT_ALONE)) return undefined;
      return this.patch_children(old, fresh, added);
    }

    patch_text(old, fresh) {
      if (old.data === fresh.data) return;
      old.data = fresh.data;
      const shown = this.shown_of.get(old);
      const parent = this.shown_of.get(old.parentNode);
      if (shown.parentNode === parent) shown.data = fresh.data;
      else if (old.parentNode.childNodes.length === 1 && !parent.childElementCount) parent.textContent = fresh.data;
    }

    patch_attributes(old, fresh) {
      const shown = this.shown_of.get(old);
      for (const { name } of [...old.attributes]) {
        if (fresh.hasAttribute(name)) continue;
        old.removeAttribute(name);
        shown.removeAttribute(name);
      }
      for (const { name, value } of fresh.attributes) {
        if (old.getAttribute(name) === value) continue;
        set_attribute(old, name, value);
        set_attribute(shown, name, value);
      }
    }

    patch_children(old, fresh, added) {
      const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
      while (before.length && after.length && before[0].isEqualNode(after[0])) [before, after].forEach((list) => list.shift());
      const end = before.at(-1)?.nextSibling ?? null;
      while (before.length && after.length && before.at(-1).isEqualNode(after.at(-1))) [before, after].forEach((list) => list.pop());
      const next = before.at(-1)?.nextSibling ?? (before.length ? end : this.next_of(old, after, fresh));
      const pairs = align(before.map(key_of), after.map(key_of));
      for (const [place, [at, to]] of pairs.entries()) {
        if (at === null) this.insert(old, after[to], this.follower(pairs.slice(place + 1), before) ?? next, added);
        else if (to === null) this.remove(before[at]);
        else this.patch(before[at], after[to], added);
      }
    }

    // The old node that stands behind what is inserted, of those that stay.
    follower(pairs, before) {
      const found = pairs.find(([at]) => at !== null);
      return found ? before[found[0]] : null;
    }

    // Behind what is inserted where nothing is replaced.
    next_of(old, inserted, fresh) {
      if (!inserted.length) return null;
      const behind = [...fresh.childNodes].indexOf(inserted.at(-1)) - inserted.length + 1;
      return old.childNodes[behind] ?? null;
    }

    insert(parent, fresh, next, added) {
      const shown = document.importNode(fresh, true);
      const kept = parent.ownerDocument.importNode(fresh, true);
      parent.insertBefore(kept, next);
      this.pair(kept, shown);
      const target = this.shown_of.get(parent);
      const place_of = (node) => { const place = node && this.shown_of.get(node); return place?.parentNode === target ? place : null; };
      const place = place_of(next) ?? (next && place_of(kept.previousSibling)?.nextSibling) ?? null; // what is next may have been pinned
      target.insertBefore(shown, place);
      if (shown.nodeType === Node.ELEMENT_NODE) added.push(shown);
    }

    remove(old) {
      old.remove();
      const is_staying = old.nodeType === Node.ELEMENT_NODE && old.matches(CARD) && this.staying.has(old.dataset.metric);
      if (!is_staying) this.shown_of.get(old).remove();
    }
  }

  Object.assign(live, { align, Original });
  if (typeof module !== "undefined") module.exports = { align };
})();
