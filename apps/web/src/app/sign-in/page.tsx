import type { Metadata } from "next";
import { SignIn } from "../../features/sign-in/sign-in.tsx";
import { t } from "../../language/say.ts";

export const generateMetadata = (): Metadata => ({ title: t`Sign in` });

export default function SignInPage() {
  return <SignIn />;
}
