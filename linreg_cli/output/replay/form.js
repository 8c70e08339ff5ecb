// The form that trains again.
"use strict";

const RATE_RANGE = [(replay.limit ?? 1) * 1e-4, (replay.limit ?? 1) * 4];
const SLIDER_STEPS = 1000;

function rateShare(rate) {
  const [low, high] = RATE_RANGE;
  return Math.max(0, Math.min(1, Math.log(rate / low) / Math.log(high / low)));
}

function rateAt(share) {
  const [low, high] = RATE_RANGE;
  return Number((low * (high / low) ** share).toPrecision(3));
}

function prepareForm() {
  byId("epochs").max = replay.maxEpochs;
  const slider = byId("rate-slider");
  const hasLimit = replay.limit !== null;
  byId("limit-mark").hidden = !hasLimit;
  if (hasLimit) {
    const share = rateShare(replay.limit);
    slider.parentElement.style.setProperty(
      "--limit",
      `calc(var(--thumb) / 2 + ${share} * (100% - var(--thumb)))`,
    );
    byId("limit-text").textContent = `limit ${figures(replay.limit, 4)}`;
  }
  byId("rate-hint").textContent = hasLimit
    ? `Training converges below the limit and diverges above it. --learning-rate auto is ${figures(replay.automatic, 4)}.`
    : "The loss is the same for all weights: any learning rate converges.";
  const starts = [
    ["zeros", "zeros"],
    ...replay.randomStarts.map(({ seed }) => [`random ${seed}`, `random, seed ${seed}`]),
  ];
  if (isLine) starts.push(["chosen", replay.hasIntercept ? "chosen m and b" : "chosen m"]);
  byId("start").replaceChildren(...starts.map(([value, text]) => new Option(text, value)));
  byId("start-m-field").hidden = !isLine;
  byId("start-b-field").hidden = !isLine || !replay.hasIntercept;
}

// Fills the fields from the training, except a field that has the focus.
function fillForm() {
  const { start, learningRate, epochs } = training;
  const { b, slopes } = weightsAt(0);
  const values = {
    rate: learningRate,
    "rate-slider": Math.round(rateShare(learningRate) * SLIDER_STEPS),
    start: start.kind === "random" ? `random ${start.seed}` : start.kind,
    epochs,
    "start-m": slopes[0],
    "start-b": b,
  };
  for (const [id, value] of Object.entries(values)) {
    const field = byId(id);
    if (field === document.activeElement && field.type === "number") continue;
    field.value = value;
    field.setCustomValidity("");
    if (field.type === "number") showProblem(id, "");
  }
  showProblem("rate", rateWarning(learningRate));
  const slider = byId("rate-slider");
  const share =
    replay.limit === null ? "" : `, ${figures(learningRate / replay.limit, 3)} of the limit`;
  slider.setAttribute("aria-valuetext", `${figures(learningRate, 4)}${share}`);
}

function retrain(changes) {
  training = { ...training, ...changes };
  train();
  fillForm();
}

function showProblem(id, text) {
  const line = byId(`${id}-problem`);
  line.textContent = text;
  line.hidden = !text;
}

// Returns the number in a field, or shows why it cannot be used and returns null. `problemOf`
// returns what is wrong with a number, or "".
function numberIn(id, problemOf) {
  const field = byId(id);
  const value = field.value === "" ? NaN : Number(field.value);
  const problem = Number.isFinite(value)
    ? problemOf(value)
    : "Not a number. Type one such as 0.25 or 1e-3.";
  field.setCustomValidity(problem);
  showProblem(id, problem);
  return problem ? null : value;
}

// Returns why a learning rate that can be tried will not converge, or "".
function rateWarning(learningRate) {
  const { limit } = replay;
  if (limit === null) return "";
  if (isAtLimit(learningRate)) return `At the limit ${figures(limit, 4)}: training does not converge.`;
  return learningRate > limit ? `Above the limit ${figures(limit, 4)}: training diverges.` : "";
}

const FIELDS = {
  rate() {
    const learningRate = numberIn("rate", (value) =>
      value > 0 ? "" : "Not above 0. A learning rate is a number above 0, such as 0.25.",
    );
    if (learningRate !== null) retrain({ learningRate });
  },
  "rate-slider"() {
    byId("rate").setCustomValidity("");
    retrain({ learningRate: rateAt(byId("rate-slider").value / SLIDER_STEPS) });
  },
  epochs() {
    const epochs = numberIn("epochs", (value) =>
      Number.isInteger(value) && value >= 0 && value <= replay.maxEpochs
        ? ""
        : `Not a whole number from 0 to ${replay.maxEpochs}.`,
    );
    if (epochs !== null) retrain({ epochs });
  },
  start() {
    const [kind, seed] = byId("start").value.split(" ");
    if (kind === "chosen") chooseWeights(weightsAt(0));
    else retrain({ start: { kind, seed: Number(seed ?? replay.start.seed) } });
  },
  "start-m": chooseTyped,
  "start-b": chooseTyped,
};

function chooseTyped() {
  const [m, b] = ["start-m", "start-b"].map((id) => numberIn(id, () => ""));
  if (m !== null && b !== null) chooseWeights({ b, slopes: [m] });
}

function chooseWeights(weights) {
  retrain({ start: { kind: "chosen", seed: replay.start.seed, weights } });
}
