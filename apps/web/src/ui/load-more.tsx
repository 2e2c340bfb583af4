import { LoaderCircle } from "lucide-react";
import type { Ref } from "react";
import { t } from "../language/say.ts";
import { Button } from "./button.tsx";

interface LoadMoreProps {
  readonly isLoading: boolean;
  readonly onMore: () => void;
  /** Of the row that holds the button: a list may load as soon as it comes into view. */
  readonly ref?: Ref<HTMLDivElement>;
}

/** The way to the next page of a list, under its last item. */
export function LoadMore({ isLoading, onMore, ref }: LoadMoreProps) {
  return (
    <div ref={ref} className="flex justify-center pt-2">
      <Button onClick={onMore} disabled={isLoading}>
        {isLoading && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
        {t`Load more`}
      </Button>
    </div>
  );
}
