interface SwitchProps {
  id: string;
  label: string;
  isOn: boolean;
  isDisabled?: boolean;
  onSwitch: (on: boolean) => void;
}

/** Shows what is so, not what was pressed: some are only so once the server says it. */
export function Switch({ id, label, isOn, isDisabled = false, onSwitch }: SwitchProps) {
  return (
    <label class="switch" for={id}>
      <span>{label}</span>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={isOn}
        disabled={isDisabled}
        onClick={(event) => {
          event.preventDefault();
          onSwitch(!isOn);
        }}
      />
    </label>
  );
}
