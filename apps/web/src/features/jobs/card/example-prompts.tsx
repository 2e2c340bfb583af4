import { t } from "../../../language/say.ts";
import { Button } from "../../../ui/button.tsx";

const examples = (): readonly string[] => [
  t`A lighthouse in the fog, long exposure, silver gelatin print`,
  t`A greenhouse at night, lit from within, rain on the glass`,
  t`Paper boats on a dark canal, seen from above, soft flash`,
  t`Portrait of an old astronomer, half in shadow, 85 mm`,
];

/** Prompts to begin with, for whoever faces an empty page. */
export function ExamplePrompts({ onChoose }: { readonly onChoose: (prompt: string) => void }) {
  return (
    <ul aria-label={t`Example prompts`} className="flex flex-wrap justify-center gap-2">
      {examples().map((prompt) => (
        <li key={prompt}>
          <Button size="small" className="h-auto py-1.5 whitespace-normal!" onClick={() => onChoose(prompt)}>
            {prompt}
          </Button>
        </li>
      ))}
    </ul>
  );
}
