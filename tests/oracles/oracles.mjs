// Asks MDN HTTP Observatory and csp-evaluator about one site after the other: a line of JSON in, a line of JSON out.
// Arguments: the folder that holds node_modules, the ports of the TLS side and of the plain side.
import net from "node:net";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import path from "node:path";

const [folder, secure, plain] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (options && typeof options === "object" && (options.port == 443 || options.port == 80)) {
    options.port = options.port == 443 ? secure : plain;
    options.host = "127.0.0.1";
  }
  return connect.apply(this, given);
};

const load = (...parts) => import(pathToFileURL(path.join(folder, "node_modules", ...parts)).href);
const source = ["@mdn", "mdn-http-observatory", "src"];
const { retrieve } = await load(...source, "retriever", "retriever.js");
const { ALL_TESTS } = await load(...source, "constants.js");
const { getScoreModifier } = await load(...source, "grader", "grader.js");
const require = createRequire(path.join(folder, "x.js"));
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");

async function observatory() {
  try {
    const found = await retrieve("contoh.go.id");
    if (!found.responses.auto) return { error: "the site seems to be down" };
    const { status } = found.responses.auto;
    if (status < 200 || (status >= 400 && ![401, 403].includes(status))) return { error: `refuses status ${status}` };
    const tests = ALL_TESTS.map((test) => test(found));
    let score = 100, worst = 100;
    for (const { result } of tests) {
      score += getScoreModifier(result);
      worst += Math.min(0, getScoreModifier(result));
    }
    return {
      score: Math.max(0, worst >= 90 ? score : worst),
      tests: Object.fromEntries(tests.map((test) => [test.constructor.name, [test.result, test.pass]])),
    };
  } catch (error) {
    return { error: String(error?.message ?? error).slice(0, 120) };
  }
}

function evaluator(policies) {
  try {
    return policies.map((policy) =>
      new CspEvaluator(new CspParser(policy).csp).evaluate().map((f) => [f.severity, f.directive, f.value ?? ""]),
    );
  } catch (error) {
    return { error: String(error?.message ?? error).slice(0, 120) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { policies } = JSON.parse(line);
  process.stdout.write(JSON.stringify({ mdn: await observatory(), csp: evaluator(policies) }) + "\n");
}
