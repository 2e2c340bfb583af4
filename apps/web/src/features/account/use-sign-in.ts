import { useQuery, useQueryClient } from "@tanstack/react-query";
import Bowser from "bowser";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { ask, post } from "../sign-in/accounts.ts";

/** A browser in which the visitor is signed in. */
export interface Device {
  /** Ends it. */
  readonly token: string;
  /** `Firefox on Linux`. */
  readonly name: string;
  /** From where it signed in; null where that is not known. */
  readonly address: string | null;
  readonly signedInAt: string;
  /** Whether it is this browser. */
  readonly isThis: boolean;
}

/** What an authenticator is to be given, and what the person writes down. */
export interface Enrolment {
  /** `otpauth://totp/…`. */
  readonly totpUri: string;
  readonly backupCodes: readonly string[];
}

interface SessionFacts {
  readonly token: string;
  readonly userAgent?: string | null;
  readonly ipAddress?: string | null;
  readonly createdAt: string;
}

const key = ["sign-in"];

/** How the visitor signs in, and where they did; undefined until the first answer. For accounts only. */
export function useSignIn() {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: readSignIn });
  const thenRead = async (problem: Promise<string | null>): Promise<string | null> => {
    const said = await problem;
    await queryClient.invalidateQueries({ queryKey: key });
    return said;
  };
  return {
    signIn: data,
    error,
    retry: () => void refetch(),
    /** Each answers null if it was done, else why not. */
    end: ({ token }: Device) => thenRead(post("revoke-session", { token })),
    endOthers: () => thenRead(post("revoke-other-sessions", {})),
    /** Sends the mail again that asks whether the address is the visitor's. */
    verify: (email: string) => post("send-verification-email", { email, callbackURL: paths.account }),
    /** The first step to a second factor; it is not on before `confirmFactor`. Answers why not, or what to scan. */
    beginFactor: async (password: string): Promise<Enrolment | string> => {
      const answer = await ask("two-factor/enable", { password });
      if (typeof answer === "string") return answer;
      const { totpURI: totpUri, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] };
      return { totpUri, backupCodes };
    },
    confirmFactor: (code: string) => thenRead(post("two-factor/verify-totp", { code })),
    endFactor: (password: string) => thenRead(post("two-factor/disable", { password })),
    changePassword: (passwords: { currentPassword: string; newPassword: string }) =>
      thenRead(post("change-password", { ...passwords, revokeOtherSessions: true })),
  };
}

interface SignIn {
  readonly email: string;
  /** Whether a mail to it was answered. */
  readonly isVerified: boolean;
  readonly hasSecondFactor: boolean;
  readonly devices: readonly Device[];
}

async function readSignIn(): Promise<SignIn> {
  const [own, sessions] = await Promise.all([
    read<{ session: SessionFacts; user: { email: string; emailVerified: boolean; twoFactorEnabled?: boolean | null } }>(
      "get-session",
    ),
    read<SessionFacts[]>("list-sessions"),
  ]);
  const devices = sessions.map(({ token, userAgent, ipAddress, createdAt }) => ({
    token,
    name: deviceName(userAgent ?? ""),
    address: ipAddress || null,
    signedInAt: createdAt,
    isThis: token === own.session.token,
  }));
  return {
    email: own.user.email,
    isVerified: own.user.emailVerified,
    hasSecondFactor: own.user.twoFactorEnabled === true,
    devices: devices.toSorted(
      (a, b) => Number(b.isThis) - Number(a.isThis) || b.signedInAt.localeCompare(a.signedInAt),
    ),
  };
}

async function read<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`/api/auth/${path}`);
  if (!response.ok) throw new Error(t`The server could not do this at the moment. Try again.`);
  return (await response.json()) as Answer;
}

/** `Firefox on Linux` of a `User-Agent`; what cannot be told is left out. */
export function deviceName(userAgent: string): string {
  if (userAgent === "") return t`A program`;
  const { browser, os } = Bowser.parse(userAgent);
  const name = browser.name || (userAgent.split("/")[0] ?? "");
  return os.name ? t`${name} on ${os.name}` : name;
}
