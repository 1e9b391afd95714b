'use client';

import { useActionState } from 'react';
import { signIn } from '@/components/people/sign-in';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

interface Attempt {
  readonly email: string;
  readonly failure: string | null;
}

export function SignInForm({ next }: { next: string }) {
  const [attempt, submit, isPending] = useActionState(
    async (_before: Attempt, form: FormData): Promise<Attempt> => {
      const email = String(form.get('email'));
      const failure = await signIn(email, String(form.get('password')));
      // A full load, so that everything is read as the person who has signed in.
      if (failure === null) window.location.assign(next);
      return { email, failure };
    },
    { email: '', failure: null },
  );
  return (
    <form action={submit} className="grid gap-3">
      {attempt.failure !== null && (
        <Banner tone="bad" announce>
          {attempt.failure}
        </Banner>
      )}
      <Field label="E-mail address">
        <Input
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={attempt.email}
          key={attempt.email}
        />
      </Field>
      <Field label="Password">
        <Input name="password" type="password" autoComplete="current-password" required />
      </Field>
      <Button type="submit" variant="primary" block disabled={isPending}>
        Sign in
      </Button>
    </form>
  );
}
