// Charts of a page that grows while it is open: fresh points for the cards that draw them, cards for metrics that came,
// and the runs that the page draws by itself.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const live = (runsite.live ??= {});

  // Runs with news that a card has not taken up yet, by card.
  const waiting = new Map();

  const sections = () => runsite.charts?.sections ?? [];

  // `news` are the metrics that changed, by run. Cards far from sight are drawn anew once they are near.
  function renew_charts(news) {
    for (const section of sections()) {
      for (const card of section.cards.values()) {
        const fresh = runs_with(news, card);
        if (!fresh.length || !card.drawing) continue;
        if (card.is_near) renew_card(card, fresh).catch(() => card.restart());
        else card.restart();
      }
    }
  }

  // Draws what could not be drawn.
  function retry_charts() {
    const cards = sections().flatMap((section) => [...section.cards.values()]);
    return Promise.all([...cards, ...(runsite.charts?.custom_sections ?? [])].map((part) => part.retry_lost()));
  }

  // Those of a card's runs that have news of its metric, or of the one that stands on its axis.
  function runs_with(news, card) {
    const names = [card.metric.name, card.axis().metric];
    return card.drawn_runs().map(({ key }) => key).filter((key) => names.some((name) => news.get(key)?.has(name)));
  }

  // Gives a card its runs' fresh points. While it takes up some, news are gathered: one more time is enough, and what was
  // asked for later never comes before what was asked for earlier.
  async function renew_card(card, keys) {
    const gathered = waiting.get(card);
    if (gathered) {
      keys.forEach((key) => gathered.add(key));
      return;
    }
    const runs = new Set(keys);
    waiting.set(card, runs);
    try {
      while (runs.size) {
        await card.drawing;
        const now = new Set(runs);
        runs.clear();
        await draw_fresh(card, now);
      }
    } finally {
      waiting.delete(card);
    }
  }

  // The one place that knows how a card takes up points: run by run.
  async function draw_fresh(card, keys) {
    for (const run of card.drawn_runs().filter(({ key }) => keys.has(key))) {
      const { series, x_series } = await runsite.charts.load_line(run, card.metric.name, card.axis());
      await card.renew(run.key, series, x_series);
    }
  }

  // Takes over what the page, printed anew, says of its charts: runs drawn by themselves, and metrics.
  function adopt_charts(fresh) {
    for (const section of sections()) {
      const island = fresh.querySelector(section.root.dataset.chartData);
      if (island) adopt(section, JSON.parse(island.textContent), fresh.querySelector("section.charts"));
    }
    for (const section of runsite.charts?.custom_sections ?? []) section.renew();
  }

  function adopt(section, island, fresh) {
    const before = section.usual;
    const follows = section.runs === before.runs;
    section.island = island;
    renew_cards(section);
    const is_same = JSON.stringify(before.runs) === JSON.stringify(island.runs);
    section.usual = {
      runs: is_same ? before.runs : island.runs,
      legend: fresh.querySelector(".chart_legend") ?? before.legend,
      reason: fresh.querySelector(":scope > .chart_reason:not(noscript *)")?.textContent ?? before.reason,
    };
    if (follows) section.runs = section.usual.runs;
    // The page's own words came over those of what is drawn, which may be runs or groups that the reader chose.
    if (!is_same || before.reason !== section.usual.reason) section.show_legend();
    if (follows && !is_same) section.restart();
    runsite.charts.renew_full(section);
  }

  // What is said of metrics, and cards for those that came. The axis of a card may be another, or called otherwise.
  function renew_cards(section) {
    const metrics = new Map(section.island.metrics.map((metric) => [metric.name, metric]));
    const before = called(section);
    for (const [figure, card] of section.cards) {
      // One that is pinned stands elsewhere when its place goes.
      if (figure.isConnected && section.shelf.homes.get(figure).isConnected) continue;
      figure.remove();
      section.let_go(figure, card);
    }
    for (const figure of section.root.querySelectorAll(".metric_chart")) {
      const metric = metrics.get(figure.dataset.metric);
      if (!metric) continue;
      if (section.cards.has(figure)) retell(section.cards.get(figure), metric);
      else add_card(section, figure, metric);
    }
    const after = called(section);
    if (section.shelf.is_moved || before.length !== after.length || before.some((each, place) => each !== after[place])) section.shelf.show();
    section.shelf.show_folded();
    section.toolbar.show();
  }

  // The cards and what they are called, which says which are seen and where.
  const called = (section) => [...section.cards].flatMap(([figure, { metric }]) => [figure, metric.label]);

  function add_card(section, figure, metric) {
    const card = new runsite.charts.Card(figure, section, metric);
    section.cards.set(figure, card);
    section.shelf.add(figure, card);
    section.watch(figure, card);
  }

  // A label, a goal, a unit or a step metric that was declared since.
  function retell(card, metric) {
    const said = (axis) => JSON.stringify([card.metric, axis]);
    const before = said(card.full?.axis);
    card.retell(metric);
    if (before !== said(card.full && card.axis())) card.restart();
    else card.say_figures();
  }

  Object.assign(live, { renew_charts, retry_charts, adopt_charts });
})();
