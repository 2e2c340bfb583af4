import { Suspense } from "react";
import { Studio } from "./studio.tsx";

export default function StudioPage() {
  return (
    <Suspense>
      <Studio />
    </Suspense>
  );
}
