import type { Metadata } from "next";
import { NewPassword } from "../../../features/sign-in/new-password.tsx";
import { t } from "../../../language/say.ts";

// The address is a secret until it is used.
export const generateMetadata = (): Metadata => ({ title: t`A new password`, referrer: "no-referrer" });

export default function ResetPage() {
  return <NewPassword />;
}
