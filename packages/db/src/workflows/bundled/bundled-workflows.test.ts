import { compileGraph, hasBrokenLink, inputsSchemaFor, workflowDefinitionSchema } from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { bundledWorkflows } from "./index.ts";

const image = { uploadId: "01890a5d-ac96-774b-bcce-b302099a8057" };

describe.each(bundledWorkflows.map((definition) => [definition.slug, definition] as const))(
  "%s",
  (_slug, definition) => {
    test("is a valid definition whose links all lead somewhere", () => {
      expect(workflowDefinitionSchema.safeParse(definition).error).toBeUndefined();
      expect(hasBrokenLink(definition.graph)).toBe(false);
    });

    test("compiles from its required inputs alone", () => {
      const required = Object.fromEntries(
        definition.parameters
          .filter(({ required }) => required)
          .map(({ name, kind }) => [name, kind === "text" ? "a boat" : image]),
      );
      const inputs = inputsSchemaFor(definition.parameters).parse(required);
      const graph = compileGraph(definition, inputs, { image: "a.png", mask: "m.png" });
      for (const { parameter, node, input } of definition.bindings) {
        const value = inputs[parameter];
        if (typeof value === "string" || typeof value === "number") expect(graph[node]?.inputs[input]).toBe(value);
      }
    });

    test("binds every parameter to a node input that exists", () => {
      for (const { name } of definition.parameters) {
        const bindings = definition.bindings.filter(({ parameter }) => parameter === name);
        expect(bindings).not.toHaveLength(0);
        for (const { node, input } of bindings) expect(definition.graph[node]?.inputs).toHaveProperty(input);
      }
    });
  },
);
