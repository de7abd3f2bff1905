// What marks look like, for Vega: the encoders of lines, areas and symbols without its interpreter.
//
// The page's policy forbids eval, so Vega has each channel of each point worked out by an interpreter that walks the
// channel's expression anew: 2 microseconds and more a channel, two thirds of drawing 10,000 points. Nearly all channels are
// a constant, a field, or a scale of these. For those, what the walk would find is found once. An encoder with a channel
// of another kind goes to the interpreter whole.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const charts = (runsite.charts ??= {});

  const MARKS = ["line", "area", "symbol"];
  // Channels that move or size others.
  const RELATIVE = ["x2", "xc", "yc"];

  const is_call_of_scale = ({ callee, arguments: given }) => callee.name === "_scale" && given.length === 2 && given[0].type === "Literal";
  const is_field = ({ object, property, computed }) => object.type === "Identifier" && object.name === "datum" && computed && property.type === "Literal";

  // An expression -> a function from a datum to its value; null for a kind that is not known here. `functions` are Vega's.
  function read_expression(ast, functions) {
    if (ast.type === "Literal") return () => ast.value;
    if (ast.type === "MemberExpression" && is_field(ast)) return (datum) => datum[ast.property.value];
    if (ast.type !== "CallExpression" || !is_call_of_scale(ast)) return null;
    const [name, value] = [ast.arguments[0].value, read_expression(ast.arguments[1], functions)];
    return value && ((datum) => functions.scale(name, value(datum)));
  }

  // [[channel, function], ...] of an encoder; null where the interpreter is needed.
  function read_channels({ marktype, channels }, functions) {
    if (!MARKS.includes(marktype) || RELATIVE.some((name) => name in channels) || ("y2" in channels && !("y" in channels))) return null;
    const read = Object.entries(channels).map(([name, { ast }]) => [name, read_expression(ast, functions)]);
    return read.every(([, value]) => value) ? read : null;
  }

  // As the interpreter does: sets the channels of an item and says whether any of them changed.
  function encoder(read) {
    const has_end = read.some(([name]) => name === "y2");
    return (item) => {
      let is_changed = 0;
      for (const [name, value] of read) {
        const now = value(item.datum);
        if (item[name] === now) continue;
        item[name] = now;
        is_changed = 1;
      }
      if (has_end) item.height = item.y2 - item.y;
      return is_changed;
    };
  }

  // Vega's interpreter with these encoders in the place of its own.
  const with_encoders = (interpreter) => ({
    ...interpreter,
    encode(context, encode) {
      const read = read_channels(encode, context.functions);
      return read ? encoder(read) : interpreter.encode(context, encode);
    },
  });

  const exports = { with_encoders };
  Object.assign(charts, exports);
  if (typeof module !== "undefined") module.exports = exports;
})();
