import type { Metadata } from "next";
import { Account } from "../../features/account/account.tsx";
import { t } from "../../language/say.ts";
import { firstPage, firstQuery } from "../../trpc/first-queries.ts";
import { FirstContent } from "../first-content.tsx";

export const generateMetadata = (): Metadata => ({ title: t`Your account` });

export default function AccountPage() {
  return (
    <FirstContent
      queries={[
        ...["account.usage", "apiKey.list", "webhook.list"].map((path) => firstQuery(path)),
        firstPage("upload.list", { limit: 30 }),
      ]}
    >
      <Account />
    </FirstContent>
  );
}
