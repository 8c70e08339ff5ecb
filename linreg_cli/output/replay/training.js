// The training: what the model's file told, what the reader chose, and what follows from it.
"use strict";

const byId = (id) => document.getElementById(id);
const replay = JSON.parse(byId("data").textContent);
const features = replay.columns.slice(0, -1);
const target = replay.columns.at(-1);
// far from 0 features are given less an origin, and b is the value there
const hasOrigin = features.some(({ name, label }) => name !== label);
const INTERCEPT = hasOrigin ? "value at the center" : "b";
const isLine = features.length === 1; // else a plane

const asTrained = {
  start: { kind: replay.start.kind, seed: replay.start.seed },
  learningRate: replay.learningRate,
  epochs: Math.min(replay.epochs, replay.maxEpochs),
};

let training = { ...asTrained }; // what the reader chose, and what follows from it:
let run;
let played; // the epochs that are played

// Trains as the reader chose.
function trainAgain() {
  run = descend(replay, { ...training, start: firstWeights(training.start) });
  played = playedEpochs(run.last);
}

function firstWeights({ kind, seed, weights }) {
  if (kind === "chosen") return toScaled(replay, weights);
  if (kind === "zeros") return replay.optimum.map(() => 0);
  return replay.randomStarts.find((start) => start.seed === seed).weights;
}

// Gives the weights of an epoch, of the columns.
const weightsAt = (number) => toColumns(replay, run.weightsAt(number));
const best = toColumns(replay, replay.optimum);
