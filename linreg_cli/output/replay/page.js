// The page: draws the charts, shows the figures, plays the epochs, and handles events.
"use strict";

let epoch = 0;
let updates = []; // a function for each chart, which shows an epoch
let timer = null; // not null while epochs are played

function train() {
  const wasLast = !run || epoch === run.last;
  trainAgain();
  epoch = wasLast ? run.last : Math.min(epoch, run.last);
  byId("epoch").max = played.length - 1;
  drawCharts();
}

function drawCharts() {
  updates = CHARTS.filter(([id]) => !byId(`${id}-figure`).hidden).map(([id, drawChart]) =>
    drawChart(byId(id)),
  );
  showCommand();
  showEpoch();
}

const drawSurface = replay.hasIntercept ? drawPlane : drawParabola;
const CHARTS = [
  ["fit", isLine ? drawLine : drawPredictions],
  ["surface", isLine ? drawSurface : drawWeights],
  ["loss", drawLoss],
];

// Returns a new element; strings become text.
function element(tag, ...children) {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}

// Returns an element that shows a rounded number and holds all its digits.
function numberElement(value, digits) {
  const made = element("data", figures(value, digits));
  made.value = String(value);
  return made;
}

function showEpoch() {
  for (const update of updates) update(epoch);
  const weights = weightsAt(epoch);
  const losses = [
    ["Loss", run.losses[epoch]],
    ["Gap", run.gaps[epoch]],
  ];
  if (replay.test) losses.push(["Test loss", run.testLosses[epoch]]);
  const named = [];
  if (isLine) named.push(["m", weights.slopes[0]]);
  if (isLine && hasValueAtZero) named.push([INTERCEPT, weights.b]);
  byId("figures").replaceChildren(
    ...[["Epoch", epoch], ...losses, ...named].map(([name, value]) => {
      const description = element("dd", numberElement(value));
      description.dataset.name = name;
      return element("div", element("dt", name), description);
    }),
  );
  if (isLine) showEquation(weights);
  else showWeights(weights);
  showVerdict();
  const [slider, text] = [byId("epoch"), `epoch ${figures(epoch)} of ${figures(run.last)}`];
  slider.value = played.filter((other) => other <= epoch).length - 1;
  slider.setAttribute("aria-valuetext", text);
  byId("epoch-text").textContent = text;
  announce();
}

function showEquation({ b, slopes: [m] }) {
  const parts = [
    `${shortened(target.name)} = `,
    numberElement(m),
    ` × ${hasOrigin ? `(${shortened(features[0].label)})` : shortened(features[0].name)}`,
  ];
  if (hasValueAtZero) parts.push(b < 0 ? ` ${MINUS} ` : " + ", numberElement(Math.abs(b)));
  byId("equation").replaceChildren(...parts);
}

function showWeights({ b, slopes }) {
  const rows = slopes.map((m, j) => [shortened(features[j].name), m, best.slopes[j]]);
  if (hasValueAtZero) rows.unshift([INTERCEPT, b, best.b]);
  byId("weights").replaceChildren(
    ...rows.map(([name, ...values]) => {
      const head = element("th", name);
      head.scope = "row";
      const cells = values.map((value) => element("td", numberElement(value, 6)));
      return element("tr", head, ...cells);
    }),
  );
}

// Announces the figures to a screen reader when they have stopped changing.
let announcement = null;
function announce() {
  clearTimeout(announcement);
  if (timer !== null) return;
  announcement = setTimeout(() => {
    const weights = weightsAt(epoch);
    const intercept = hasValueAtZero ? `, ${INTERCEPT} ${figures(weights.b, 5)}` : "";
    const line = isLine ? `; m ${figures(weights.slopes[0], 5)}${intercept}` : "";
    byId("live").textContent =
      `Epoch ${epoch} of ${run.last}: loss ${figures(run.losses[epoch], 4)}, ` +
      `gap ${figures(run.gaps[epoch], 4)}${line}`;
  }, 300);
}

function showVerdict() {
  const text = byId("verdict");
  const words = verdict(epoch);
  if (text.textContent !== words) text.textContent = words; // a screen reader reads it only when it changes
  text.classList.toggle("diverged", run.stopped === "diverged");
}

function showCommand() {
  const words = shellCommand().map((word) => element("span", word));
  byId("command").parentElement.hidden = !words.length;
  byId("command").replaceChildren(...words.flatMap((word, i) => (i ? [" ", word] : [word])));
}

function setEpoch(wanted) {
  epoch = Math.max(0, Math.min(run.last, wanted));
  showEpoch();
}

function play() {
  if (epoch === run.last) setEpoch(0);
  const milliseconds = Math.max(35, Math.min(320, 9000 / played.length)); // of an epoch
  timer = setInterval(() => {
    setEpoch(played.find((other) => other > epoch) ?? run.last);
    if (epoch === run.last) pause();
  }, milliseconds);
  showPlaying();
}

function pause() {
  clearInterval(timer);
  timer = null;
  showPlaying();
  announce();
}

function showPlaying() {
  byId("play").classList.toggle("is-playing", timer !== null);
  byId("play").setAttribute("aria-label", timer === null ? "Play" : "Pause");
}

function go(wanted) {
  if (timer !== null) pause();
  setEpoch(wanted);
}

const KEYS = {
  " ": () => (timer === null ? play() : pause()),
  ArrowLeft: () => go(epoch - 1),
  ArrowRight: () => go(epoch + 1),
  Home: () => go(0),
  End: () => go(run.last),
};

function onKey(event) {
  const isSlider = event.target === byId("epoch");
  // other fields use these keys themselves, and a button uses the space
  const isTaken =
    event.target.matches("input, select, .scroll") ||
    (event.key === " " && event.target.matches("button"));
  const act = KEYS[event.key];
  if (!act || (isTaken && !isSlider) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
}

function listen() {
  document.addEventListener("keydown", onKey);
  byId("first").addEventListener("click", KEYS.Home);
  byId("back").addEventListener("click", KEYS.ArrowLeft);
  byId("play").addEventListener("click", KEYS[" "]);
  byId("forward").addEventListener("click", KEYS.ArrowRight);
  byId("epoch").addEventListener("input", (event) => go(played[event.target.value]));
  for (const [id, act] of Object.entries(FIELDS)) byId(id).addEventListener("input", act);
  const form = byId("controls");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    retrain(asTrained);
  });
  form.addEventListener("focusout", fillForm);
  byId("loss-choice").addEventListener("input", drawCharts);
  onPlace(byId("loss"), (left) => go(chooseEpoch(left)));
  onPlace(byId("surface"), (left, top) => {
    const weights = chooseStart(left, top);
    if (weights) chooseWeights(weights);
  });
  const sizes = () => CHARTS.map(([id]) => [byId(id).clientWidth, byId(id).clientHeight]).join();
  let drawn = sizes();
  addEventListener("resize", () => {
    if (sizes() !== drawn) drawCharts();
    drawn = sizes();
  });
}

// Calls a function with the place of a click, and of a mouse that is moved with its button down.
function onPlace(svg, act) {
  const report = (event) => {
    const { left, top } = svg.getBoundingClientRect();
    act(event.clientX - left, event.clientY - top);
  };
  svg.addEventListener("click", report);
  svg.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse" && event.buttons === 1) report(event);
  });
}

byId("main").hidden = false;
describe();
prepareForm();
listen();
train();
fillForm();
if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play();
