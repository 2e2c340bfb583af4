/** The answer of `push.subscribe`. */
export interface PushSubscribed {
  readonly subscribed: true;
}

/** The answer of `push.unsubscribe`. */
export interface PushUnsubscribed {
  /** False: there was no such subscription. */
  readonly removed: boolean;
}
