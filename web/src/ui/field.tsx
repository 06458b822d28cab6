// Form fields. Label above, hint below it, the server's words beside the field they are about.
import { type ReactNode, useId } from 'react';

export interface Common {
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
}

function Frame({
  id,
  label,
  hint,
  error,
  children,
}: Common & {
  id: string;
  children: (described: { 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}) {
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {children({ 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <span className="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}

interface TextProps extends Common {
  value: string;
  onChange: (value: string) => void;
  name?: string;
  type?: 'text' | 'password' | 'email' | 'tel' | 'date' | 'number' | 'search' | 'time';
  autoComplete?: string;
  required?: boolean;
  short?: boolean;
  min?: string | number;
  max?: string | number;
  step?: string;
  inputMode?: 'numeric' | 'decimal' | 'text';
  autoFocus?: boolean;
}

export function TextField({
  label,
  hint,
  error,
  value,
  onChange,
  type = 'text',
  short,
  autoComplete,
  autoFocus,
  ...rest
}: TextProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      {(aria) => (
        <input
          id={id}
          className={short ? 'input input-short' : 'input'}
          type={type}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoComplete={autoComplete ?? 'off'}
          // biome-ignore lint/a11y/noAutofocus: only the one field a sheet was opened for
          autoFocus={autoFocus}
          {...rest}
          {...aria}
        />
      )}
    </Frame>
  );
}

export function DateField(props: Omit<TextProps, 'type'>) {
  return <TextField {...props} type="date" />;
}

export function TextArea({
  label,
  hint,
  error,
  value,
  onChange,
  rows = 3,
  autoFocus,
  name,
  required,
}: Common & {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  autoFocus?: boolean;
  name?: string;
  required?: boolean;
}) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      {(aria) => (
        <textarea
          id={id}
          className="input"
          rows={rows}
          name={name}
          required={required}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          // biome-ignore lint/a11y/noAutofocus: only the one field a sheet was opened for
          autoFocus={autoFocus}
          {...aria}
        />
      )}
    </Frame>
  );
}

export interface Option {
  value: string;
  label: string;
}

export function Select({
  label,
  hint,
  error,
  value,
  onChange,
  options,
  blank,
  required,
  name,
}: Common & {
  value: string;
  onChange: (value: string) => void;
  options: Option[];
  blank?: string;
  required?: boolean;
  name?: string;
}) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      {(aria) => (
        <select
          id={id}
          className="input"
          name={name}
          required={required}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          {...aria}
        >
          {blank !== undefined && <option value="">{blank}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

export function Check({
  label,
  value,
  onChange,
}: {
  label: ReactNode;
  value: boolean;
  onChange: (value: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="row">
      <input id={id} type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}
