"use strict";
const { test } = require("node:test");
const assert = require("node:assert");
const { with_encoders } = require("../../themes/default/static/charts_encode.js");

const literal = (value) => ({ ast: { type: "Literal", value } });
const field = (name) => ({ type: "MemberExpression", computed: true, object: { type: "Identifier", name: "datum" }, property: { type: "Literal", value: name } });
const scaled = (scale, name) => ({ ast: { type: "CallExpression", callee: { name: "_scale" }, arguments: [{ type: "Literal", value: scale }, field(name)] } });
const context = { functions: { scale: (name, value) => (name === "x" ? 10 * value : `${name} of ${value}`) } };
const interpreted = () => "interpreted";
const encoder = (encode) => with_encoders({ encode: () => interpreted, operator: "kept" }).encode(context, encode);

test("constants, fields and scales of fields are set, and changes told", () => {
  const encode = encoder({ marktype: "line", channels: { x: scaled("x", "step"), stroke: scaled("color", "a.b[0]"), opacity: literal(0.4) } });
  const item = { datum: { step: 3, "a.b[0]": "r" } };

  const told = [encode(item), encode(item)];

  assert.deepStrictEqual(item, { datum: item.datum, x: 30, stroke: "color of r", opacity: 0.4 });
  assert.deepStrictEqual(told, [1, 0]);
});

test("an area is as high as its ends lie apart", () => {
  const encode = encoder({ marktype: "area", channels: { y: scaled("x", "low"), y2: scaled("x", "high") } });
  const item = { datum: { low: 1, high: 4 } };

  encode(item);

  assert.deepStrictEqual([item.y, item.y2, item.height], [10, 40, 30]);
});

test("whatever else a channel or a mark may be is left to the interpreter", () => {
  const height = { ast: { type: "MemberExpression", computed: true, object: { type: "MemberExpression" }, property: { type: "Literal", value: "height" } } };
  const call = (name, ...given) => ({ ast: { type: "CallExpression", callee: { name }, arguments: given } });
  const left = [
    { marktype: "symbol", channels: { x: literal(1), y: height } },
    { marktype: "line", channels: { x: call("log", field("x")) } },
    { marktype: "line", channels: { x: call("_scale", field("scale"), field("x")) } },
    { marktype: "line", channels: { x: literal(1), xc: literal(2) } },
    { marktype: "area", channels: { y2: literal(2) } },
    { marktype: "rect", channels: { x: literal(1) } },
  ];

  assert.deepStrictEqual(left.map(encoder), left.map(() => interpreted));
});

test("all else of the interpreter stays", () => {
  assert.strictEqual(with_encoders({ operator: "kept" }).operator, "kept");
});
