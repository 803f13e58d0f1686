import { Icon, type IconName } from "./icons.js";

interface ToolProps {
  id: string;
  icon: IconName;
  label: string;
  class?: string;
  isPressed?: boolean;
  isDisabled?: boolean;
  asks?: boolean;
  /** Why it does nothing now: a press tells it. */
  reason?: string;
  /** As `aria-keyshortcuts` has it. */
  shortcut?: string | undefined;
  onPress: () => void;
}

export function Tool({
  id,
  icon,
  label,
  class: kind = "",
  isPressed,
  isDisabled = false,
  asks,
  reason,
  shortcut,
  onPress,
}: ToolProps) {
  return (
    <button
      id={id}
      class={`tool ${kind} ${reason === undefined ? "" : "is-locked"}`}
      type="button"
      aria-pressed={isPressed}
      aria-haspopup={asks ? "dialog" : undefined}
      aria-disabled={reason !== undefined || undefined}
      aria-keyshortcuts={shortcut}
      title={reason ?? shortcut?.split(" ")[0]?.replace("Control", "Ctrl")}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon name={icon} />
      <span class="label">{label}</span>
    </button>
  );
}
