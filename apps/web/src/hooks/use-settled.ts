"use client";

import { useEffect, useState } from "react";

/** A value once it has not changed for `afterMs`: what somebody types is asked for when they pause. */
export function useSettled<Value>(value: Value, afterMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}
