// How much room what stands around a plot takes on paper, in pixels, and what is made of a size that has too little of it.
// Pure functions.
"use strict";
(() => {
  // Half of the last label of an axis stands beyond the plot; above it too, which Vega learns too late to move the title.
  const PADDING = { left: 2, top: 7, right: 8, bottom: 2 };
  const [TITLE_SPACE, AXIS_SPACE] = [20, 36];
  const LABEL_SIZE = 11;
  // A legend: the gap above it, a row of names or its title, what stands before a name, the longest name that several share
  // a row with, and the longest bar of shades.
  const [LEGEND_GAP, LEGEND_ROW, SYMBOL_SPACE, LABEL_LIMIT, SHADE_LENGTH] = [18, 15, 32, 150, 240];
  const SHADE_SPACE = 34;
  // An upright axis's title, on two lines.
  const AXIS_TITLE = 38;
  // Half as wide as a digit, which is what most labels are made of.
  const HALF_DIGIT = 3.1;
  // What can be read: a row of a chart that has one for each param, as usual and at least; and a plot.
  const [ROW, LEAST_ROW] = [15, 13];
  const [LEAST_WIDTH, LEAST_HEIGHT] = [80, 36];
  const PIXELS_PER_MM = 96 / 25.4;
  // The share of the figure that an upright axis's names may take.
  const MOST_NAMES = 0.45;

  const widest = (labels) => labels.reduce((most, label) => Math.max(most, paper_lines.width_of(String(label)) * LABEL_SIZE), 0);

  // What an upright axis takes, of a figure so wide: its labels, cut to `limit`, and its title.
  const names_limit = (width) => Math.min(190, Math.round(MOST_NAMES * width));
  const axis_width = (labels, { title = false, limit = Infinity } = {}) => Math.min(limit, widest(labels)) + (labels.length ? 6 : 0) + (title ? AXIS_TITLE : 0);

  // How many names of a legend stand in a row that is so wide.
  function legend_columns(names, width) {
    const longest = Math.min(LABEL_LIMIT, widest(names));
    return Math.max(1, Math.min(names.length, Math.floor(width / (SYMBOL_SPACE + longest))));
  }

  // What a legend of names, or one of shades, takes with the gap above it; `lines` are those of its title.
  const legend_height = (count, columns, lines = 0) => LEGEND_GAP + LEGEND_ROW * (Math.ceil(count / columns) + lines);
  const shade_height = () => LEGEND_GAP + LEGEND_ROW + SHADE_SPACE;

  // Keeps a legend within the figure. Vega lays out twice: at last `width` is what the axis leaves of the plot.
  function fit_legend(legend, columns) {
    if (legend.gradientLength) return fit_shades(legend);
    // The layer that is drawn first, faint where it is the values behind smoothed ones, would give its opacity.
    Object.assign(legend, { columns, symbolOpacity: 1, titleLimit: { signal: "width" } });
    legend.labelLimit = { signal: `max(16, (width + ${PADDING.right}) / ${columns} - ${SYMBOL_SPACE})` };
    delete legend.encode?.symbols?.update?.opacity;
    return legend;
  }

  // Vega begins the first label at the bar's end only where its tick stands right there: one near the end would be cut.
  function fit_shades(legend) {
    const length = `min(${SHADE_LENGTH}, width)`;
    const half = `length(datum.label) * ${HALF_DIGIT}`;
    const moved = `max(0, ${half} - datum.perc * ${length}) - max(0, ${half} - (1 - datum.perc) * ${length})`;
    const dx = { signal: `datum.perc <= 0 || datum.perc >= 1 ? 0 : ${moved}` };
    const { labels = {}, ...others } = legend.encode ?? {};
    const encode = { ...others, labels: { ...labels, update: { ...labels.update, dx } } };
    return Object.assign(legend, { encode, gradientLength: { signal: length }, titleLimit: { signal: "width" } });
  }

  const millimetres = (pixels) => Math.round((pixels / PIXELS_PER_MM) * 10) / 10;
  const has_width = (width, { beside }) => width >= beside + PADDING.left + PADDING.right + LEAST_WIDTH;

  // The least width in millimetres that is enough, as `room_of` a width says.
  function least_width(room_of) {
    let least = 1;
    while (!has_width(least * PIXELS_PER_MM, room_of(least * PIXELS_PER_MM))) least += 1;
    return least;
  }

  // Why a figure of some size cannot hold a plot between what stands around it; "" where it can. A height of null is as
  // usual.
  function lack_of_room({ width, height }, room_of) {
    const room = room_of(width);
    const words = (name, pixels, least) => `a ${name} of ${millimetres(pixels)} mm leaves no room for the plot; give --${name} ${least} or more`;
    if (!has_width(width, room)) return words("width", width, least_width(room_of));
    const high = room.around + LEAST_HEIGHT;
    return height && height < high ? words("height", height, Math.ceil(high / PIXELS_PER_MM)) : "";
  }

  // How high rows, one for each param, make a figure; and how many of them a height holds.
  const height_of_rows = (rows, around) => around + ROW * (rows + 1);
  const rows_within = (height, around) => Math.max(1, Math.floor((height - around) / LEAST_ROW - 0.2));

  const exports = {
    PADDING, TITLE_SPACE, AXIS_SPACE, LEAST_HEIGHT, names_limit, axis_width, legend_columns, legend_height, shade_height, fit_legend, lack_of_room, height_of_rows, rows_within,
  };
  globalThis.paper_room = exports;
  if (typeof module !== "undefined") module.exports = exports;
})();
