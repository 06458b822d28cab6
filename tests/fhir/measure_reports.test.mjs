// What `concord measure --out` writes must pass every validator of gate.mjs, for all four measures, and a report that was
// broken in any of these ways must not. CONCORD_BIN names the program.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { objections } from "./gate.mjs";

const golden = path.join(path.dirname(fileURLToPath(import.meta.url)), "../golden/ecqm");
const program = process.env.CONCORD_BIN;
assert.ok(program, "CONCORD_BIN must name the concord program");
const out = fs.mkdtempSync(path.join(os.tmpdir(), "concord-reports-"));
after(() => fs.rmSync(out, { recursive: true, force: true }));

for (const measure of ["cms159", "cms2", "cms128", "cms177"])
  execFileSync(program, [
    ...["measure", measure, "--fhir", path.join(golden, "records/bundles")],
    ...["--valuesets", path.join(golden, "valuesets"), "--period", "2026", "--out", out],
  ], { stdio: ["ignore", "ignore", "pipe"] });

/** Every resource of a file: one, or one a line. */
function resources(file) {
  const text = fs.readFileSync(file, "utf8");
  return (file.endsWith(".ndjson") ? text.trim().split("\n") : [text]).map((one) => JSON.parse(one));
}
const written = fs.readdirSync(out).sort().map((name) => ({ name, found: resources(path.join(out, name)) }));

test("every file of the four measures is there", () => {
  const names = written.map((file) => file.name);
  for (const measure of ["cms159", "cms2", "cms128", "cms177"])
    for (const kind of ["summary.json", "individual.ndjson", "subject-list.json"]) assert.ok(names.includes(`${measure}-${kind}`), `${measure}-${kind}`);
});

test("no validator objects to any report", () => {
  let count = 0;
  for (const { name, found } of written)
    for (const resource of found) {
      assert.deepEqual(objections(resource), [], `${name} ${resource.id}`);
      ++count;
    }
  assert.ok(count > 80, `only ${count} resources`);
});

test("individual reports add up to the summary, and the lists name as many patients", () => {
  for (const measure of ["cms159", "cms2", "cms128", "cms177"]) {
    const [summary] = written.find((f) => f.name === `${measure}-summary.json`).found;
    const individual = written.find((f) => f.name === `${measure}-individual.ndjson`).found;
    const [subjects] = written.find((f) => f.name === `${measure}-subject-list.json`).found;
    for (const [g, group] of summary.group.entries())
      for (const [p, population] of group.population.entries()) {
        const each = individual.map((report) => report.group[g].population[p].count);
        assert.equal(each.reduce((a, b) => a + b, 0), population.count, `${measure} ${g} ${p}`);
        const id = subjects.group[g].population[p].subjectResults.reference.replace("List/", "");
        const list = written.flatMap((f) => f.found).find((r) => r.resourceType === "List" && r.id === id);
        assert.equal((list.entry ?? []).length, each.filter((n) => n > 0).length, `${measure} ${id}`);
      }
  }
});

test("the patients by hand are valid FHIR themselves", () => {
  for (const name of fs.readdirSync(path.join(golden, "records/bundles"))) {
    const [bundle] = resources(path.join(golden, "records/bundles", name));
    for (const { resource } of bundle.entry) assert.deepEqual(objections(resource), [], `${name} ${resource.id}`);
  }
});

// ---- The gate must be able to fail: one planted error each.

const individual = written.find((f) => f.name === "cms159-individual.ndjson").found.find((r) => r.evaluatedResource);
const planted = {
  "a status that does not exist": (r) => (r.status = "done"),
  "no status": (r) => delete r.status,
  "no type": (r) => delete r.type,
  "no measure": (r) => delete r.measure,
  "30 February": (r) => (r.period.start = "2026-02-30"),
  "a date in another order": (r) => (r.period.end = "12/31/2026"),
  "an empty list": (r) => (r.evaluatedResource = []),
  "a reference without a type": (r) => (r.subject = { reference: "p1" }),
  "a count in quotes": (r) => (r.group[0].population[0].count = "1"),
  "a count below nothing": (r) => (r.group[0].population[0].count = -1),
  "a member FHIR does not know": (r) => (r.group[0].score = 1),
  "a code instead of a concept": (r) => (r.improvementNotation = "increase"),
  "an id with a space": (r) => (r.id = "a b"),
  "an empty text": (r) => (r.group[0].code.text = ""),
  "more in the numerator than in the denominator": (r) => (r.group[0].population.at(-1).count = 7),
};
for (const [name, plant] of Object.entries(planted))
  test(`the gate objects to ${name}`, () => {
    const broken = structuredClone(individual);
    plant(broken);
    assert.notDeepEqual(objections(broken), []);
  });
