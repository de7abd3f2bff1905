// Images of one name side by side, a slider choosing the step: each run shows its newest image up to that step.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});

  // Images of the subjects by name: [{name, pictures: [[{step, src or file and text, key}, …] of each subject]}, …]. Of a group
  // the first run that logged an image of the name is shown.
  function images_by_name(subjects, details) {
    const names = new Set();
    const found = subjects.map(({ keys }) => {
      const own = new Map();
      for (const key of keys) {
        const images = new Map();
        for (const image of details.get(key)?.images ?? []) {
          images.set(image.name, [...(images.get(image.name) ?? []), { ...image, key }]);
        }
        for (const [name, list] of images) if (!own.has(name)) own.set(name, list);
      }
      for (const name of own.keys()) names.add(name);
      return own;
    });
    return [...names].map((name) => ({ name, pictures: found.map((own) => own.get(name) ?? []) }));
  }

  // All steps at which any image was logged, least first.
  function image_steps(images) {
    const steps = images.flatMap(({ pictures }) => pictures.flat()).map(({ step }) => step).filter((step) => typeof step === "number");
    return [...new Set(steps)].sort((a, b) => a - b);
  }

  // A run's image at a step: the newest up to it; without a step the last one. null before the first.
  function image_at(pictures, step) {
    const reached = pictures.filter((image) => typeof image.step !== "number" || step === null || image.step <= step);
    return reached.reduce((best, image) => (best === null || (image.step ?? -Infinity) >= (best.step ?? -Infinity) ? image : best), null);
  }

  // Whether all subjects show the same file: equal content has one address.
  function is_same(pictures) {
    const shown = pictures.map((own) => own.map(({ src, file, step }) => [src ?? file, step ?? null]));
    return pictures.every((own) => own.length) && new Set(shown.map((own) => JSON.stringify(own))).size < 2;
  }

  const svg_address = (text) => `data:image/svg+xml;base64,${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;

  class Images {
    // `load_text` gives a text of a run by its place; `changed` is told of the step the reader chose.
    constructor({ images, subjects, root, load_text, changed }) {
      Object.assign(this, { images, subjects, root, load_text, changed, steps: image_steps(images) });
    }

    make(step, shows_same) {
      const { element, muted } = runsite.compare_parts;
      this.shown = this.images.filter(({ pictures }) => shows_same || !is_same(pictures));
      this.figures = [];
      const parts = this.shown.map(({ name, pictures }) => this.row(name, pictures));
      const hidden = this.images.length - this.shown.length;
      if (hidden) parts.push(muted(`${this.shown.length ? "and " : ""}${hidden} the same`));
      const slider = this.steps.length > 1 && this.shown.length ? [this.slider(step)] : [];
      this.show(step);
      return [...slider, element("div", {}, parts)];
    }

    row(name, pictures) {
      const { element } = runsite.compare_parts;
      const figures = pictures.map((own, place) => {
        const figure = { own, name, subject: this.subjects[place], box: element("div", { className: "image_box" }), caption: element("span", { className: "caption" }) };
        this.figures.push(figure);
        return element("li", {}, [figure.box, figure.caption]);
      });
      return element("div", { className: "image_row" }, [element("h3", { textContent: name }), element("ul", { className: "gallery" }, figures)]);
    }

    slider(step) {
      const { element } = runsite.compare_parts;
      const last = this.steps.length - 1;
      const place = step === null ? last : Math.max(0, this.steps.findLastIndex((each) => each <= step));
      const input = element("input", { type: "range", min: "0", max: String(last), step: "1", value: String(place) });
      const said = element("output", {});
      const say = () => {
        said.textContent = `step ${runsite.format_step(this.steps[input.value])}`;
        input.setAttribute("aria-valuetext", said.textContent);
      };
      say();
      input.addEventListener("input", () => {
        say();
        const chosen = Number(input.value) === last ? null : this.steps[input.value];
        this.show(chosen);
        this.changed(chosen);
      });
      return element("label", { className: "step_slider" }, ["Images at ", input, " ", said]);
    }

    show(step) {
      for (const figure of this.figures) this.fill(figure, step);
    }

    fill(figure, step) {
      const { element, swatch } = runsite.compare_parts;
      const image = image_at(figure.own, step);
      const said = typeof image?.step === "number" ? `step ${runsite.format_step(image.step)}` : "";
      figure.caption.replaceChildren(swatch(figure.subject), figure.subject.name, " ", element("span", { className: "muted", textContent: said }));
      if (image === figure.image) return;
      figure.image = image;
      if (!image) {
        figure.box.replaceChildren(element("p", { className: "muted", textContent: figure.own.length ? "none up to this step" : "no image of this name" }));
        return;
      }
      const picture = element("img", { alt: `${figure.name} of ${figure.subject.name}${said ? `, ${said}` : ""}`, loading: "lazy" });
      figure.box.replaceChildren(image.src ? element("a", { href: this.root + image.src }, [picture]) : picture);
      if (image.src) picture.src = this.root + image.src;
      else this.load_text(image).then((text) => { if (figure.image === image) picture.src = svg_address(text); }, () => { picture.alt += " could not be loaded"; });
    }
  }

  const exports = { images_by_name, image_steps, image_at, is_same, svg_address };
  runsite.compare_images = { ...exports, Images };
  if (typeof module !== "undefined") module.exports = exports;
})();
