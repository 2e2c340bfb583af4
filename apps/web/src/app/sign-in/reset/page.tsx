import type { Metadata } from "next";
import { NewPassword } from "../../../features/session/new-password.tsx";

// The address is a secret until it is used.
export const metadata: Metadata = { title: "A new password", referrer: "no-referrer" };

export default function ResetPage() {
  return <NewPassword />;
}
