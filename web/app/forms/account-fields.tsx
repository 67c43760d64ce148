import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { NewPasswordField } from '../../ui/new-password-field.tsx';
import { messages } from '../messages.ts';

interface AccountFieldsProps {
  errors: Partial<Record<string, string>>;
  minLength: number;
  name?: string | undefined;
  email?: string | undefined;
}

/** The fields of every new account, whether a user or an operator creates it. */
export function AccountFields({ errors, minLength, name, email }: AccountFieldsProps) {
  return (
    <>
      <Field label={messages.fields.name} error={errors['name']}>
        {(wiring) => (
          <Input {...wiring} name="name" autoComplete="name" defaultValue={name} required />
        )}
      </Field>
      <EmailField error={errors['email']} email={email} />
      <NewPasswordField
        label={messages.fields.password}
        name="password"
        minLength={minLength}
        error={errors['password']}
      />
    </>
  );
}

interface EmailFieldProps {
  error: string | undefined;
  email?: string | undefined;
  /** With `webauthn` the browser offers passkeys in this field, too. */
  autoComplete?: 'username' | 'username webauthn';
}

/** `username`, so that password managers store the password under the email address. */
export function EmailField({ error, email, autoComplete = 'username' }: EmailFieldProps) {
  return (
    <Field label={messages.fields.email} error={error}>
      {(wiring) => (
        <Input
          {...wiring}
          type="email"
          name="email"
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={email}
          required
        />
      )}
    </Field>
  );
}

/** A hidden field beside a new password that tells password managers whose password it is. */
export function OwnerField({ email }: { email: string }) {
  return (
    <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
  );
}
