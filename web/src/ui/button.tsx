import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';

export type Look = 'plain' | 'primary' | 'safety' | 'quiet';

function buttonClass(look: Look, small?: boolean, icon?: boolean) {
  const words = ['button'];
  if (look !== 'plain') words.push(`button-${look}`);
  if (small) words.push('button-small');
  if (icon) words.push('button-icon');
  return words.join(' ');
}

interface Props extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  look?: Look;
  small?: boolean;
  icon?: boolean;
  children: ReactNode;
}

export function Button({ look = 'plain', small, icon, ...rest }: Props) {
  return <AriaButton {...rest} className={buttonClass(look, small, icon)} />;
}

export function TextButton({
  children,
  ...rest
}: Omit<AriaButtonProps, 'className' | 'style' | 'children'> & { children: ReactNode }) {
  return (
    <AriaButton {...rest} className="text-button">
      {children}
    </AriaButton>
  );
}

export function LinkButton({
  look = 'plain',
  small,
  ...rest
}: LinkProps & { look?: Look; small?: boolean; children: ReactNode }) {
  return <Link {...rest} className={buttonClass(look, small)} />;
}
