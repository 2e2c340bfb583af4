import { test as base, expect } from "@playwright/test";
import { type Product, runningProduct, startProduct } from "./product.ts";

export type { Locator, Page } from "@playwright/test";
export { expect };

interface SimulatorState {
  readonly models: Record<string, string[]>;
  readonly pace: { readonly stepMs: number };
}

interface Fixtures {
  /** Where the product runs, for what needs no page. */
  address: string;
  /** Console errors that this test expects. A test that provokes a failure names it here with `test.use`. */
  expectedConsoleErrors: RegExp[];
  /** Changes the simulator behind the product: what its `/simulator/control` takes. Answers with its state. */
  controlSimulator: (changes: Record<string, unknown>) => Promise<SimulatorState>;
  /**
   * Takes the bundled workflows' model off the simulator while something is done. The worker reads every 30 s what is
   * installed; it does not get to see this, so what needs the model is refused by ComfyUI itself.
   */
  whileModelIsGone: (task: () => Promise<void>) => Promise<void>;
  /** Lets the simulator take `stepMs` for a step (half of it at this suite's speed) until the test ends or changes it again. */
  setStepMs: (stepMs: number) => Promise<void>;
  consoleGuard: undefined;
}

interface WorkerFixtures {
  /** A file that names something else, by `test.use` at its top, has a product to itself. */
  productFor: string;
  /** Each worker's own, so that files which change the simulator's pace and models can run beside each other. */
  product: Product;
}

/** Playwright's `test` against the running product. A page that logs an unexpected console error fails its test. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  productFor: ["all", { scope: "worker", option: true }],
  product: [
    async ({ productFor: _ }, use) => {
      const product = runningProduct() ?? (await startProduct());
      await use(product);
      await product.end();
    },
    { scope: "worker", timeout: 150_000 },
  ],
  baseURL: async ({ product }, use) => use(product.address),
  address: async ({ baseURL }, use) => use(baseURL ?? ""),
  controlSimulator: async ({ request, product }, use) =>
    use(async (data) => {
      const response = await request.post(`${product.simulatorUrl}/simulator/control`, { data });
      expect(response.status()).toBe(200);
      return response.json();
    }),
  whileModelIsGone: ({ controlSimulator }, use) =>
    use(async (task) => {
      const { models } = await controlSimulator({});
      const faults = [{ kind: "hang", path: "/object_info" }];
      await controlSimulator({ faults, models: { ...models, checkpoints: ["another.safetensors"] } });
      try {
        await task();
      } finally {
        await controlSimulator({ lift: "all", models });
      }
    }),
  setStepMs: async ({ controlSimulator }, use) => {
    const { pace } = await controlSimulator({});
    await use(async (stepMs) => void (await controlSimulator({ stepMs })));
    await controlSimulator({ stepMs: pace.stepMs });
  },
  expectedConsoleErrors: [[], { option: true }],
  consoleGuard: [
    async ({ context, expectedConsoleErrors }, use) => {
      const errors: string[] = [];
      context.on("console", (message) => {
        if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (webError) => errors.push(String(webError.error())));
      await use(undefined);
      expect(errors.filter((text) => !expectedConsoleErrors.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
});
