import type { Role } from "@darkroom/contracts";
import { t } from "../../language/say.ts";

/** A role, within a sentence. */
export function roleWord(role: Role): string {
  switch (role) {
    case "guest":
      return t`guest`;
    case "member":
      return t`member`;
    case "operator":
      return t`operator`;
    case "admin":
      return t`admin`;
    case "blocked":
      return t`blocked`;
  }
}
