import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Admitted } from "../features/session/admitted.tsx";
import { SiteHeader } from "../features/session/site-header.tsx";
import { PageLanguage } from "../language/page-language.tsx";
import { t } from "../language/say.ts";
import { language, locale } from "../language/spoken.ts";
import { pageRequest } from "../page-request.ts";
import { answerFirst, firstQuery } from "../trpc/first-queries.ts";
import "./globals.css";
import { Providers } from "./providers.tsx";

const sans = localFont({
  src: "./fonts/instrument-sans.woff2",
  variable: "--font-ui",
  weight: "400 700",
  display: "swap",
});
const serif = localFont({
  src: "./fonts/instrument-serif.woff2",
  variable: "--font-serif",
  weight: "400",
  display: "swap",
});

export const generateMetadata = (): Metadata => ({
  title: { default: "Darkroom", template: "%s · Darkroom" },
  description: t`Ask for a picture, watch it develop, find it again.`,
});

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: dark)", color: "#100d0b" },
    { media: "(prefers-color-scheme: light)", color: "#f6f2ec" },
  ],
};

/** The nonce of this response's content security policy; the gateway passes it in a request header. */
async function scriptNonce(): Promise<string | undefined> {
  const policy = (await headers()).get("content-security-policy") ?? "";
  return /'nonce-([^']+)'/.exec(policy)?.[1];
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [nonce, first] = await Promise.all([
    scriptNonce(),
    answerFirst([firstQuery("session.me"), firstQuery("system.info")]),
  ]);
  // A page without a request is the build's own, which nobody gets.
  const socketPath = pageRequest.getStore()?.socketPath ?? null;
  return (
    <html lang={language()} data-theme="dark" suppressHydrationWarning className={`${sans.variable} ${serif.variable}`}>
      <head>
        {/* Blocking on purpose: the theme must be there before the first paint. */}
        <script src="/theme.js" nonce={nonce} suppressHydrationWarning />
        {/* And this before anybody can type. */}
        <script src="/typed-before.js" nonce={nonce} suppressHydrationWarning />
      </head>
      <body className="min-h-dvh">
        <a
          href="#main"
          className="sr-only z-50 rounded-lg bg-safelight-strong px-4 py-2 text-on-safelight focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
        >
          {t`Skip to the content`}
        </a>
        <PageLanguage language={language()} locale={locale()}>
          <Providers first={first} socketPath={socketPath}>
            <SiteHeader />
            <main
              id="main"
              className="mx-auto w-full max-w-[90rem] px-4 py-6 has-[[data-wide]]:max-w-none sm:px-6 sm:py-8 short:py-3"
            >
              <Admitted>{children}</Admitted>
            </main>
          </Providers>
        </PageLanguage>
      </body>
    </html>
  );
}
