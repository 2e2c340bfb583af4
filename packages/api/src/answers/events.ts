import type { CustomEventType } from "@darkroom/contracts";

/** What was added to a feed. */
export interface PublishedEvent {
  readonly eventId: string;
  readonly type: CustomEventType;
  readonly durable: boolean;
  readonly at: string;
}
