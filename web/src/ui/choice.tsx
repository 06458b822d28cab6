// Choosing one or several of a few: every choice visible, one press each.
import { useId } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import type { Common, Option } from './field';

/** One of a few: all choices visible, one press. `quiet` for switching what is shown, not for entering. */
export function Choice({
  label,
  hint,
  error,
  value,
  onChange,
  options,
  hideLabel,
  quiet,
}: Common & {
  value: string;
  onChange: (value: string) => void;
  options: Option[];
  hideLabel?: boolean;
  quiet?: boolean;
}) {
  const id = useId();
  return (
    <RadioGroup className="field" value={value} onChange={onChange} aria-labelledby={id} isInvalid={!!error}>
      <span className={hideLabel ? 'hidden-text' : 'label'} id={id}>
        {label}
      </span>
      {hint && <span className="hint">{hint}</span>}
      <div className={quiet ? 'choices choices-quiet' : 'choices'}>
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className="choice">
            {option.label}
          </Radio>
        ))}
      </div>
      {error && <span className="field-error">{error}</span>}
    </RadioGroup>
  );
}

/** Any of a few. */
export function Choices({
  label,
  hint,
  error,
  value,
  onChange,
  options,
}: Common & { value: string[]; onChange: (value: string[]) => void; options: Option[] }) {
  const id = useId();
  return (
    <CheckboxGroup
      className="field"
      value={value}
      onChange={onChange}
      aria-labelledby={id}
      isInvalid={!!error}
    >
      <span className="label" id={id}>
        {label}
      </span>
      {hint && <span className="hint">{hint}</span>}
      <div className="choices">
        {options.map((option) => (
          <Checkbox key={option.value} value={option.value} className="choice">
            {option.label}
          </Checkbox>
        ))}
      </div>
      {error && <span className="field-error">{error}</span>}
    </CheckboxGroup>
  );
}
