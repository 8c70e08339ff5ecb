// The training: the data of the page, the choices of the reader, and the run that follows.
"use strict";

const byId = (id) => document.getElementById(id);
const replay = JSON.parse(byId("data").textContent);
const features = replay.columns.slice(0, -1);
const target = replay.columns.at(-1);
// an origin is subtracted from features far from 0, and b is the value at the origin
const hasOrigin = features.some(({ name, label }) => name !== label);
const INTERCEPT = hasOrigin ? "value at the center" : "b";
const isLine = features.length === 1; // otherwise a plane
const hasValueAtZero = replay.hasIntercept || hasOrigin; // whether b, the value where x is 0, is shown

const asTrained = {
  start: { kind: replay.start.kind, seed: replay.start.seed },
  learningRate: replay.learningRate,
  epochs: Math.min(replay.epochs, replay.maxEpochs),
};

let training = { ...asTrained }; // as the reader chose
let run;
let played; // the epochs that are played

// Trains with the settings of the reader.
function trainAgain() {
  run = descend(replay, { ...training, start: firstWeights(training.start) });
  played = playedEpochs(run.last);
}

function firstWeights({ kind, seed, weights }) {
  if (kind === "chosen") return toScaled(replay, weights);
  if (kind === "zeros") return replay.optimum.map(() => 0);
  return replay.randomStarts.find((start) => start.seed === seed).weights;
}

// Returns the weights of an epoch in the units of the columns.
const weightsAt = (number) => toColumns(replay, run.weightsAt(number));
const best = toColumns(replay, replay.optimum);
