// Listens for news of a site that is served live, and takes them into the open page. Added to pages by `runsite serve`;
// it runs before the page's other scripts, so that it sees the page as it was printed.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const live = (runsite.live ??= {});

  // A connection that comes back within this is not worth a word.
  const [PATIENCE, AGAIN] = [3000, 2000];
  // What cannot be taken is asked for again, less and less often.
  const LONGEST_WAIT = 60_000;
  const longer = (wait) => Math.min(wait * 2, LONGEST_WAIT);
  // The server says something every 15 s. A connection may be dead without an end, as after a sleep.
  const [SILENCE, LISTEN_EVERY] = [40_000, 5000];
  // How often statuses are judged anew: nothing is written when a run stalls.
  const JUDGE_EVERY = 10000;

  // What stands over the page, by kind; the gravest is first.
  class Banner {
    constructor() {
      this.texts = new Map();
      this.box = Object.assign(document.createElement("div"), { className: "live_banner", role: "status", hidden: true });
      document.addEventListener("runsite:full", () => this.place());
    }

    // A dialog lies over all else, and nobody reaches what is behind it.
    place() {
      const place = document.querySelector("dialog[open]") ?? document.body;
      if (this.box.parentNode !== place) place.append(this.box);
    }

    say(kind, text) {
      if (text) this.texts.set(kind, text);
      else this.texts.delete(kind);
      const lines = ["failure", "gone", "connection", "data"].filter((name) => this.texts.has(name));
      this.box.replaceChildren(...lines.map((name) => {
        const line = Object.assign(document.createElement("p"), { textContent: this.texts.get(name) });
        line.dataset.kind = name;
        return line;
      }));
      this.box.hidden = !lines.length;
      this.place();
    }
  }

  class Listener {
    constructor({ page, root, generation }) {
      Object.assign(this, { page, root, generation, source: null, banner: new Banner(), done: Promise.resolve(), wait: AGAIN, lost_wait: AGAIN });
      this.original = new live.Original(document.body);
      this.is_waiting = document.body.matches(".live_waiting");
    }

    start() {
      document.addEventListener("DOMContentLoaded", () => live.start_data());
      document.addEventListener("visibilitychange", () => this.follow_sight());
      addEventListener("pagehide", () => this.close());
      addEventListener("pageshow", () => this.follow_sight());
      document.addEventListener("runsite:lost", () => this.ask_later());
      setInterval(() => runsite.refresh_page?.(), JUDGE_EVERY);
      setInterval(() => this.check_pulse(), LISTEN_EVERY);
      this.follow_sight();
    }

    // A hidden page needs no news, and a browser has few connections; it catches up when it is seen again.
    follow_sight() {
      if (document.hidden) this.close();
      else if (!this.source) this.open();
    }

    open() {
      const query = new URLSearchParams({ page: this.page, since: this.generation });
      this.source = new EventSource(`${this.root}live/events?${query}`);
      this.source.onopen = () => this.connected();
      this.source.addEventListener("pulse", () => this.heard());
      this.heard();
      for (const [name, take] of Object.entries(this.takers())) {
        this.source.addEventListener(name, (event) => this.hear(event, take));
      }
    }

    close() {
      this.source?.close();
      this.source = null;
      this.wait_no_more();
    }

    heard() {
      this.heard_at = Date.now();
    }

    check_pulse() {
      if (!this.source || Math.abs(Date.now() - this.heard_at) < SILENCE) return;
      this.close();
      this.open();
      this.be_patient();
    }

    be_patient() {
      this.patience ??= setTimeout(() => this.banner.say("connection", "No connection to runsite serve. Trying again…"), PATIENCE);
    }

    wait_no_more() {
      clearTimeout(this.patience);
      this.patience = undefined;
    }

    connected() {
      this.wait_no_more();
      this.banner.say("connection", "");
      if (this.later) this.load_lost();
    }

    // The browser tries again by itself, unless it was refused.
    disconnected() {
      this.be_patient();
      if (this.source?.readyState !== EventSource.CLOSED) return;
      this.source = null;
      setTimeout(() => this.follow_sight(), AGAIN);
    }

    // One event after the other; what an event changes is complete before the next is taken. Those that follow one that
    // could not be taken come once more.
    hear(event, take) {
      if (event.data === undefined) return this.disconnected();
      const { data, lastEventId } = event;
      const { source } = this;
      this.heard();
      this.in_turn(async () => {
        if (source !== this.source) return;
        const news = JSON.parse(data);
        await take(news, { root: this.root, generation: news.generation });
        if (lastEventId === news.generation) this.know(lastEventId);
      });
      return undefined;
    }

    in_turn(work) {
      this.done = this.done.then(work).catch((problem) => this.ask_again(problem));
    }

    // All news of a generation were taken: only then is it known, also to a browser that lost its connection.
    know(generation) {
      Object.assign(this, { generation, wait: AGAIN });
      document.documentElement.dataset.live = generation;
    }

    ask_again(problem) {
      console.error(problem);
      this.close();
      setTimeout(() => this.follow_sight(), this.wait);
      this.wait = longer(this.wait);
    }

    // Data that could not be loaded keep nothing else from being taken.
    ask_later() {
      this.has_lost = true;
      if (this.later) return;
      if (this.lost_wait > AGAIN) this.banner.say("data", "Some data of this page could not be loaded. Trying again…");
      this.later = setTimeout(() => this.load_lost(), this.lost_wait);
      this.lost_wait = longer(this.lost_wait);
    }

    load_lost() {
      clearTimeout(this.later);
      this.in_turn(async () => {
        Object.assign(this, { later: undefined, has_lost: false });
        await live.load_lost({ root: this.root, generation: this.generation });
        if (this.has_lost) return;
        this.lost_wait = AGAIN;
        this.banner.say("data", "");
      });
    }

    takers() {
      return {
        points: ({ paths }, from) => live.renew_points(paths, from),
        row: ({ paths }, from) => live.renew_rows(paths, from),
        html: ({ html }) => this.take_page(html),
        assets: ({ paths }, from) => live.renew_styles(paths, from),
        reload: () => location.reload(),
        error: ({ text }) => this.say_failure(text),
      };
    }

    say_failure(text) {
      if (!this.is_waiting) this.banner.say("failure", text && `The site is as it was: the last build failed. ${text}`);
      else if (text) document.querySelector(".live_reason").textContent = text;
    }

    async take_page(html) {
      if (html === null && this.is_waiting) return;
      this.banner.say("gone", html === null ? "This page is no longer part of the site." : "");
      if (html === null) return;
      const fresh = new DOMParser().parseFromString(html, "text/html");
      if (this.is_waiting || makings_of(fresh) !== makings_of(document) || parts_of(fresh.body) !== parts_of(this.original.root)) {
        location.reload();
        return;
      }
      document.title = fresh.title;
      this.original.take(fresh.body);
      runsite.refresh_page?.();
      live.adopt_charts(fresh);
      await live.unless_lost(runsite.comparison?.take_page());
    }
  }

  // The scripts that a page is made of, but for ours, and the specs of the store's own charts: they are read once.
  function makings_of(page) {
    const scripts = [...page.querySelectorAll("script[src][defer]")].map((script) => script.getAttribute("src").replace(/\?.*/, ""));
    const specs = [...page.querySelectorAll(".custom_charts[data-src]")].map(({ dataset }) => dataset.src);
    return [...scripts.filter((name) => !name.endsWith("live/live.js")), ...specs].join("\n");
  }

  // The kinds of parts that scripts start as a page is opened, as it was printed.
  const parts_of = (body) => ["run_table", "charts", "relations"].filter((name) => body.querySelector(`section.${name}`)).join();

  new Listener(document.currentScript.dataset).start();
})();
