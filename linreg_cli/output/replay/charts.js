// Numbers as text, axes, and SVG: what all charts of the page share. Names of columns are data: they
// reach the page only as textContent.
"use strict";

const MINUS = "\u2212";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// Shows control characters as escapes, so that a name cannot turn the text around it.
function shown(name) {
  return name.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0).toString(16)}}`,
  );
}

function shortened(name, length = 36) {
  const text = shown(name);
  return text.length > length ? `${[...text].slice(0, length - 1).join("")}…` : text;
}

// Returns a number with some significant digits: 58,481.75 or 2.475 × 10¹¹.
function figures(value, digits = 7) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e7) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
    return `${sign}${Number(mantissa)} × 10${raised(Number(exponent))}`;
  }
  return sign + size.toLocaleString("en-US", { maximumSignificantDigits: digits });
}

function raised(exponent) {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[digit]).join("");
  return exponent < 0 ? `⁻${digits}` : digits;
}

const allNumbers = (numbers) => numbers.every(Number.isFinite);

function rangeOf(values, also = []) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of [values, also].flat()) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

// Widens a range to hold a value, unless that makes the rest of it small.
function including([low, high], value) {
  const wider = [Math.min(low, value), Math.max(high, value)];
  return wider[1] - wider[0] <= 2.2 * (high - low) ? wider : [low, high];
}

// Returns the scale from numbers to pixels. The axis is linear in `bend`: the value or its logarithm.
function makeScale([low, high], [from, to], bend = (value) => value) {
  const start = bend(low);
  const width = bend(high) - start || 1;
  const scale = (value) => from + ((bend(value) - start) / width) * (to - from);
  return Object.assign(scale, { low, high, from, to });
}

// Widens a range by a share on both sides; a range without width gets one.
function padded([low, high], share = 0.06) {
  const room = (high - low) * share || Math.abs(low) * share || 1;
  return [low - room, high + room];
}

// Returns about `count` round numbers within a range.
function evenTicks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
  if (!Number.isFinite(size) || size === 0) return [];
  const ticks = [];
  for (let i = Math.ceil(low / size); i * size <= high && ticks.length < 50; i++)
    ticks.push(i * size);
  return ticks.map((value) => ({ value, text: tickText(value, size) }));
}

// Returns a number with enough digits to differ from one a step away.
function tickText(value, step) {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const digits = 1 + Math.ceil(Math.log10(Math.max(Math.abs(value), step) / step) + 1e-9);
  if ((Math.abs(value) >= 1e7 && digits <= 5) || decimals > 5) return figures(value, digits);
  const places = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return (value < 0 ? MINUS : "") + Math.abs(value).toLocaleString("en-US", places);
}

// Returns powers of ten within a range, and 2 and 5 times them if they are few.
function logTicks(low, high, count) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const stride = Math.max(1, Math.ceil((last - first) / count));
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let exponent = first; exponent <= last; exponent += stride) {
    for (const factor of factors) {
      const value = factor * 10 ** exponent;
      if (value >= low && value <= high) ticks.push({ value, text: powerText(factor, exponent) });
    }
  }
  return ticks.length > 1 ? ticks : evenTicks(low, high, count);
}

function powerText(factor, exponent) {
  if (exponent >= -3 && exponent < 5) return tickText(factor * 10 ** exponent, 10 ** exponent);
  return factor === 1 ? `10${raised(exponent)}` : `${factor} × 10${raised(exponent)}`;
}

const SVG = "http://www.w3.org/2000/svg";

// Adds an SVG element to another, and returns it.
function draw(parent, tag, attributes = {}, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

// Returns a coordinate that SVG can draw: far outside, but finite.
function clamped(pixel) {
  return Math.round(Math.max(-1e7, Math.min(1e7, pixel)) * 100) / 100;
}

function linePath(points) {
  return points
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
    .map(([x, y], i) => `${i ? "L" : "M"}${clamped(x)} ${clamped(y)}`)
    .join("");
}

// Returns the path of dots, which a stroke with round ends makes visible.
function dotPath(points) {
  return points.map(([x, y]) => `M${clamped(x)} ${clamped(y)}h0`).join("");
}

// Returns the path of crosses with arms of some pixels.
function crossPath(points, arm) {
  return points
    .map(
      ([x, y]) =>
        `M${clamped(x - arm)} ${clamped(y - arm)}l${2 * arm} ${2 * arm}m${-2 * arm} 0l${2 * arm} ${-2 * arm}`,
    )
    .join("");
}

const CHARACTER = 6.6; // pixels, about
const MARGIN = { top: 30, right: 14, bottom: 42 };
let clips = 0;

// Draws a frame with axes into an SVG element that is emptied first.
//
// An axis has `range`, `label`, `bend` (as `makeScale` takes it) and `ticks` (a function of low,
// high and how many). Returns the scales x and y, and a group `marks` that is cut off at the frame.
function drawFrame(svg, { x, y }) {
  svg.replaceChildren();
  const width = svg.clientWidth;
  const height = svg.clientHeight;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const yTicks = (y.ticks ?? evenTicks)(...y.range, Math.max(2, Math.floor(height / 60)));
  const longest = Math.max(0, ...yTicks.map((tick) => tick.text.length));
  const left = longest * CHARACTER + 16;
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const xScale = makeScale(x.range, [left, right], x.bend);
  const yScale = makeScale(y.range, [bottom, MARGIN.top], y.bend);
  const axes = draw(svg, "g", { class: "axes" });
  for (const { value, text } of yTicks) {
    const at = yScale(value);
    draw(axes, "line", { class: "rule", x1: left, x2: right, y1: at, y2: at });
    draw(
      axes,
      "text",
      { x: left - 8, y: at, "text-anchor": "end", "dominant-baseline": "central" },
      text,
    );
  }
  drawXTicks(axes, xScale, x, bottom);
  draw(axes, "line", { class: "base", x1: left, x2: right, y1: bottom, y2: bottom });
  const middle = (left + right) / 2;
  draw(
    axes,
    "text",
    { class: "label", x: middle, y: height - 6, "text-anchor": "middle" },
    x.label,
  );
  draw(axes, "text", { class: "label", x: 0, y: 14 }, y.label);
  const clip = `clip-${(clips += 1)}`;
  const frame = {
    x: left,
    y: MARGIN.top,
    width: Math.max(0, right - left),
    height: Math.max(0, bottom - MARGIN.top),
  };
  draw(draw(svg, "clipPath", { id: clip }), "rect", frame);
  const marks = draw(svg, "g", { "clip-path": `url(#${clip})` });
  return { svg, x: xScale, y: yScale, frame, marks };
}

function drawXTicks(axes, scale, { range, ticks = evenTicks }, bottom) {
  const most = Math.max(3, Math.floor((scale.to - scale.from) / 80));
  let free = -Infinity; // where the last text ended
  for (const { value, text } of ticks(...range, most)) {
    const at = scale(value);
    draw(axes, "line", { class: "base", x1: at, x2: at, y1: bottom, y2: bottom + 4 });
    const half = (text.length * CHARACTER) / 2;
    if (at - half < free || at + half > scale.to + MARGIN.right) continue;
    free = at + half + CHARACTER;
    draw(axes, "text", { x: at, y: bottom + 17, "text-anchor": "middle" }, text);
  }
}

// Returns the function that writes a note inside a frame.
function drawNote({ svg, frame }) {
  const middle = frame.x + frame.width / 2;
  const text = draw(svg, "text", {
    class: "beyond",
    x: middle,
    y: frame.y + 18,
    "text-anchor": "middle",
  });
  return (words) => {
    text.textContent = words;
  };
}

const isWithin = ([x, y], { frame }) =>
  x >= frame.x && x <= frame.x + frame.width && y >= frame.y && y <= frame.y + frame.height;
