// The comparison page: reads from the address what is compared, loads it and lays it out; every choice goes back into
// the address.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const { compare_state, compare_rows, compare_images, compare_charts, compare_parts: parts } = runsite;
  const { element, button, muted } = parts;
  // What does something when it is pressed or opened.
  const HEARS = "button, input, details";
  const WANTED = { best: "best run", baseline: "baseline", parent: "parent" };

  class ComparePage {
    constructor(place) {
      Object.assign(this, { place, root: place.dataset.root, problems: [] });
      this.read_island();
      this.lead = document.getElementById("compare_lead");
      this.start_section = document.querySelector(".compare_start");
      this.template = document.getElementById("compare_charts");
    }

    // Which experiments there are; tells whether that is another than before.
    read_island() {
      const { textContent } = document.getElementById("compare_data");
      if (textContent === this.island_text) return false;
      const island = JSON.parse(textContent);
      Object.assign(this, { island_text: textContent, island, data: new runsite.Comparison(island, this.root) });
      return true;
    }

    start() {
      this.reading = this.read();
      addEventListener("hashchange", () => this.hash_changed());
      matchMedia("(max-width: 600px)").addEventListener("change", () => this.view && this.show());
    }

    // A link to a part of the page ("Skip to content") is no other view: the address gets back what it said.
    hash_changed() {
      const is_place = document.getElementById(location.hash.slice(1)) !== null;
      if (is_place) return this.write();
      const before = JSON.stringify(this.state.items);
      const state = compare_state.parse_state((name) => runsite.fragment.get(name));
      if (JSON.stringify(state.items) !== before || state.wanted) return location.reload();
      this.state = state;
      return this.view && this.show();
    }

    write() { runsite.fragment.set_all(compare_state.state_pairs(this.state)); }

    async read() {
      this.state = compare_state.parse_state((name) => runsite.fragment.get(name));
      this.place.setAttribute("aria-busy", "true");
      try {
        if (this.state.wanted) await this.resolve();
        await this.load();
      } catch (problem) {
        this.place.replaceChildren(element("p", { className: "warn", textContent: `The data of these runs could not be read: ${problem.message}. Was the whole folder unpacked?` }));
      }
      this.place.removeAttribute("aria-busy");
    }

    // Puts the run that `with` means before the one it is compared with.
    async resolve() {
      const [keys] = this.state.items;
      const { wanted } = this.state;
      if (!keys || !WANTED[wanted]) return;
      const other = await this.data.other(keys[0], wanted);
      if (other === keys[0]) this.problems.push(`This run is the ${WANTED[wanted]} itself.`);
      else if (other === null) this.problems.push(`There is no ${WANTED[wanted]} to compare it with.`);
      else this.state.items = [[other], ...this.state.items];
      this.state.wanted = "";
      this.write();
    }

    async load() {
      if (await this.load_subjects()) this.show();
      else this.teach(this.subjects, this.table);
    }

    // Loads what is compared; tells whether there is enough of it. What was there stays until all has come.
    async load_subjects() {
      const { items } = this.state;
      const table = await this.data.table(items.flat().map(compare_state.experiment_of));
      const { subjects, missing } = table ? compare_rows.make_subjects(table, items.slice(0, this.island.most)) : { subjects: [], missing: items.flat() };
      if (items.length > this.island.most) this.problems.push(`The first ${this.island.most} of ${items.length} are compared.`);
      for (const key of missing) this.problems.push(`${key} is not in this site.`);
      const is_enough = subjects.length > 1;
      if (is_enough && compare_rows.metric_columns(table).some((column) => !runsite.table_data.is_loaded(table, column))) await table.load_more();
      const details = is_enough ? await this.data.details(table, subjects) : new Map();
      const unread = [...details].filter(([, found]) => found === null).map(([key]) => key);
      if (unread.length) this.problems.push(`The details of ${unread.join(", ")} could not be read: packages, code and data of it are missing here.`);
      Object.assign(this, { table, subjects, details });
      return is_enough;
    }

    // Nothing to compare yet.
    teach(subjects, table) {
      const said = this.problem_parts();
      this.view = null;
      if (subjects.length) {
        const [{ name, keys: [key], rows: [row] }] = subjects;
        const experiment = this.data.places.get(compare_state.experiment_of(key));
        const links = Object.keys(WANTED).filter((wanted) => this.has_other(wanted, row, table)).map((wanted) => this.link(`compare.html${runsite.format_fragment(new Map([["runs", compare_state.format_items([[key]])], ["with", wanted]]))}`, `its ${WANTED[wanted]}`.replace("its best run", `the best run of ${experiment.title}`).replace("its baseline", "the baseline")));
        said.push(element("p", { className: "compare_sentence" }, [
          "One run alone: ", this.link(this.root + table.link(row), name), ". Compare it with ",
          ...links.flatMap((link) => [link, ", "]), this.link(this.table_address([key]), `other runs of ${experiment.title}`), ".",
        ]));
      } else said.push(element("p", { className: "compare_sentence", textContent: "Nothing is chosen yet." }));
      this.place.replaceChildren(...said);
      this.start_section.hidden = false;
    }

    has_other(wanted, row, table) {
      const other = { best: table.head.best, baseline: table.head.baseline, parent: table.parents.get(row) }[wanted];
      return Boolean(other) && other !== table.keys[row];
    }

    link(href, textContent) { return element("a", { href, textContent }); }

    // A run table with these runs selected: of their experiment, or of all runs.
    table_address(keys) {
      const experiments = new Set(keys.map(compare_state.experiment_of));
      const [name] = experiments;
      const folder = experiments.size === 1 ? this.data.places.get(name).folder : this.island.all_runs.replace(/[^/]*$/, "");
      return `${this.root}${folder}index.html${runsite.format_fragment(new Map([["selected", runsite.table_state.join_ids(keys)]]))}`;
    }

    problem_parts() {
      return this.problems.map((text) => element("p", { className: "warn", textContent: text }));
    }

    change(patch) {
      Object.assign(this.state, patch);
      this.write();
      this.show();
    }

    // Everything but the charts is made anew with each choice; those stay.
    show() {
      const focused = document.activeElement?.dataset?.focus;
      this.body ??= element("div", { className: "compare_body" });
      this.body.replaceChildren(...this.body_parts());
      this.printed = runsite.live?.Original && new runsite.live.Original(this.body);
      this.image_place ??= element("div");
      this.show_images();
      this.place.replaceChildren(this.body, ...this.chart_section(), this.image_place);
      this.start_section.hidden = this.lead.hidden = true;
      if (focused) this.body.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
    }

    show_images() {
      this.images_shown = this.images_text();
      this.image_place.replaceChildren(...this.image_section());
    }

    images_text() { return JSON.stringify([...compare_images.images_by_name(this.subjects, this.details)]); }

    // Takes up data that came again while the page is open: what says otherwise than before changes where it stands, and
    // what the reader opened, focused and scrolled to stays. Where runs came or went, another comparison is loaded.
    async renew() {
      await this.reading; // two at once would say each problem twice
      this.problems = [];
      this.data.tables.clear();
      if (!this.view) return this.read();
      const runs = JSON.stringify(this.subjects.map(({ keys }) => keys));
      const is_enough = await this.load_subjects();
      if (!is_enough || JSON.stringify(this.subjects.map(({ keys }) => keys)) !== runs) return location.reload();
      const added = this.printed.take(element("div", { className: "compare_body" }, this.body_parts()));
      if (added.some((part) => part.matches(HEARS) || part.querySelector(HEARS))) this.show();
      else if (this.images_text() !== this.images_shown) this.show_images();
      return this.renew_charts();
    }

    // Takes up the page as it was printed anew; data that are gone are told of by nothing else.
    async take_page() { return this.read_island() && this.renew(); }

    body_parts() {
      const { state, subjects, table } = this;
      const base = compare_state.base_index(subjects.map(({ item }) => item), state.base);
      this.view = { subjects, base, shows_same: state.shows_same, href: (subject) => this.root + table.link(subject.rows[0]) };
      const rows = this.rows(base);
      const main = compare_rows.main_row(table, rows.metrics);
      return [
        ...this.problem_parts(),
        parts.sentence(runsite.compare_sentence.make_sentence(subjects, rows, { base, main })),
        this.controls(), this.run_section(rows.runs),
        ...this.row_sections(rows),
      ];
    }

    rows(base) {
      const { table, subjects, details } = this;
      // A large group is told by the details of its first runs.
      const detailed = subjects.map((subject) => ({ ...subject, keys: subject.keys.filter((key) => details.has(key)), rows: subject.rows.filter((_, place) => details.has(subject.keys[place])) }));
      return {
        runs: compare_rows.run_rows(table, subjects),
        params: compare_rows.value_rows(table, subjects, details, compare_rows.PARAM),
        metrics: compare_rows.metric_rows(table, subjects, base),
        tags: compare_rows.value_rows(table, subjects, details, compare_rows.TAG),
        environment: compare_rows.environment_rows(detailed, details),
        code: compare_rows.code_rows(detailed, details),
        datasets: compare_rows.dataset_rows(detailed, details),
      };
    }

    controls() {
      const box = element("input", { type: "checkbox", checked: !this.state.shows_same });
      box.dataset.focus = "same";
      box.addEventListener("change", () => this.change({ shows_same: !box.checked }));
      return element("p", { className: "compare_controls" }, [
        element("label", {}, [box, " only what differs"]),
        this.link(this.table_address(this.subjects.flatMap(({ keys }) => keys)), "choose others in the run table"),
      ]);
    }

    // The runs themselves, with the choice of the baseline and a way out for each.
    run_section(rows) {
      const { subjects, base } = this.view;
      const choice = subjects.map((subject, place) => {
        const radio = element("input", { type: "radio", name: "base", checked: place === base, ariaLabel: `Compare with ${subject.name}` });
        radio.dataset.focus = `base-${compare_state.format_item(subject.item)}`;
        radio.addEventListener("change", () => this.change({ base: compare_state.format_item(subject.item) }));
        const remove = button("✕", () => this.remove(place), { className: "remove", ariaLabel: `Take ${subject.name} out`, title: "Take out" });
        return element("td", { className: place === base ? "is_base" : "" }, [element("label", {}, [radio, " baseline"]), " ", remove]);
      });
      const line = element("tr", { className: "base_choice" }, [element("th", { scope: "row", textContent: "compared with" }), ...choice]);
      const shown = this.view.shows_same ? rows : rows.filter(({ is_same }) => !is_same);
      return parts.section("runs", "Runs", `${subjects.length} compared`, parts.make_table("runs", "Run", { rows: shown, view: this.view, body: [line] }));
    }

    remove(place) {
      const { item } = this.subjects[place];
      const gone = compare_state.format_item(item);
      this.state.items = this.state.items.filter((keys) => compare_state.format_item(keys) !== gone);
      if (this.state.base === gone) this.state.base = "";
      this.write();
      location.reload();
    }

    row_sections(rows) {
      const { view } = this;
      const listed = [
        ["params", "Params", "Param", rows.params],
        ["metrics", "Metrics", "Metric", rows.metrics, this.verdict_note(rows.metrics)],
        ["tags", "Tags", "Tag", rows.tags],
        ["environment", "Environment", "Package", rows.environment],
        ["code", "Code", "Fact", rows.code, this.code_note()],
        ["datasets", "Data", "Dataset", rows.datasets],
      ];
      const is_shown = ([, , , own]) => own.some(compare_rows.differs) || (view.shows_same && own.length);
      const hidden = listed.filter((each) => each[3].length && !is_shown(each));
      const counted = (is_told) => hidden.map(([, title, , own]) => [title.toLowerCase(), own.filter(is_told).length]).filter(([, number]) => number).map(([title, number]) => `${title} (${runsite.format_count(number)})`).join(", ");
      const [same, unknown] = [counted(({ is_same }) => is_same), counted(({ is_unknown }) => is_unknown)];
      const sections = listed.filter(is_shown).map(([id, title, word, own, note]) => {
        const made = parts.row_section(id, { title, word, rows: own, view, note });
        if (id === "code") made.append(...this.patches());
        return made;
      });
      const told = [same && `The same in all: ${same}.`, unknown && `Not recorded by all, and the same where known: ${unknown}.`].filter(Boolean).join(" ");
      return told ? [...sections, element("p", { className: "muted all_same", textContent: told })] : sections;
    }

    verdict_note(rows) {
      if (!rows.some(({ cells }) => cells.some(({ difference }) => difference))) return "";
      return "Differences are to the baseline. ✓ better, ✗ worse, △ higher, ▽ lower: beyond seed noise by Welch's t-test over the runs that are the same but for the seed; ≈ within it; ? not enough runs to judge. Only a declared goal makes a difference better or worse.";
    }

    code_note() {
      const is_dirty = [...this.details.values()].some((found) => found?.source?.dirty && !found.patch);
      return is_dirty ? "Uncommitted changes of some runs are not in this site: patches are recorded on request, and published only where the settings say that the site is not private." : "";
    }

    // Published patches: that of the baseline, and how the others differ from it.
    patches() {
      const { subjects, base } = this.view;
      const key_of = (subject) => subject.keys.find((key) => this.details.get(key)?.patch);
      const base_key = key_of(subjects[base]);
      const others = subjects.filter((subject, place) => place !== base && key_of(subject) && this.patch(key_of(subject)).href !== this.patch(base_key)?.href);
      const own = base_key ? [[`Patch of ${subjects[base].name}`, null, base_key]] : [];
      return [...own, ...others.map((subject) => [base_key ? `Patch of ${subject.name} against that of ${subjects[base].name}` : `Patch of ${subject.name}`, base_key ?? null, key_of(subject)])].map(([title, first, second]) => this.patch_details(title, first, second));
    }

    patch(key) { return this.details.get(key)?.patch; }

    patch_details(title, first, second) {
      const made = element("details", { className: "patch" }, [element("summary", { textContent: title })]);
      made.addEventListener("toggle", async () => {
        if (!made.open || made.children.length > 1) return;
        const keys = first === null ? [second] : [first, second];
        try {
          const texts = await Promise.all(keys.map((key) => this.text(key, this.patch(key).text)));
          made.append(first === null ? parts.patch_part(texts[0]) : parts.diff_part(...texts));
          if (keys.some((key) => !this.patch(key).whole)) made.append(muted("Of a long patch only the beginning is shown; the link has it whole."));
        } catch (problem) {
          made.append(muted(problem.message));
        }
      });
      return made;
    }

    async text(key, place) { return (await this.data.texts(this.table, key, this.details))[place]; }

    // The charts as the data are now; null where nothing is logged.
    make_charts() {
      const { table, subjects, root } = this;
      const metrics = compare_charts.chart_metrics(table, subjects);
      if (!metrics.length) return null;
      const runs = compare_charts.chart_runs(subjects, table, (row) => this.data.folder(table, row));
      const { vega, specs } = this.island;
      const made = compare_charts.make_charts(this.template, { metrics, runs, subjects, vega: root + vega, specs: root + specs });
      return { made, metrics };
    }

    // Metrics that came, and what is said of the others: the section that stands there takes them up.
    renew_charts() {
      if (!this.charts) {
        this.image_place.before(...this.chart_section());
        return;
      }
      const fresh = this.make_charts();
      if (!fresh) {
        location.reload();
        return;
      }
      if (!runsite.charts?.sections) this.load_charts();
      const section = runsite.charts?.sections?.find(({ root }) => this.charts.contains(root));
      compare_charts.place_cards(this.charts, this.template, fresh, (card) => section?.shelf.homes.get(card));
      runsite.live?.adopt_charts(element("div", {}, [fresh.made]));
    }

    // The scripts of charts; where they cannot be loaded now, they are with what comes next.
    load_charts() {
      runsite.load_script(this.place.dataset.charts).catch(() => {});
    }

    chart_section() {
      if (this.charts) return [this.charts];
      const fresh = this.make_charts();
      if (!fresh) return [];
      this.charts = parts.section("curves", "Curves", "", [fresh.made]);
      queueMicrotask(() => this.load_charts());
      return [this.charts];
    }

    image_section() {
      const images = compare_images.images_by_name(this.subjects, this.details);
      if (!images.length) return [];
      const made = new compare_images.Images({
        images, subjects: this.subjects, root: this.root,
        load_text: ({ key, text }) => this.text(key, text),
        changed: (step) => { this.state.step = step; this.write(); },
      });
      const number = `${images.length} name${images.length === 1 ? "" : "s"}`;
      return [parts.section("images", "Images", number, made.make(this.state.step, this.view.shows_same))];
    }
  }

  function start() {
    const place = document.getElementById("compare");
    if (place) (runsite.comparison = new ComparePage(place)).start();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
