'use client';

import { useActionState, useEffect, useState } from 'react';
import { passwordHint, roleSentence } from '@/components/people/role';
import { signIn } from '@/components/people/sign-in';
import { makeTrpcClient } from '@/components/trpc/client';
import { errorMessage, fieldErrors } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { TextLink } from '@/components/ui/text-link';
import type { Role } from '@/server/contract/people.ts';

type Link = { readonly token: string; readonly role: Role; readonly first: boolean };

/** Reads the link's secret from the fragment, which no server and no log has seen, and asks for a name and a password. */
export function Join() {
  const [client] = useState(makeTrpcClient);
  const [link, setLink] = useState<Link | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    const token = window.location.hash.slice(1);
    client.people.readInvitation.mutate({ token }).then(
      (invitation) => setLink({ token, ...invitation }),
      (error: unknown) => setFailure(fieldErrors(error).token === undefined ? errorMessage(error) : BROKEN_LINK),
    );
  }, [client]);

  if (failure !== null) {
    return (
      <>
        <Banner tone="bad" announce>
          {failure}
        </Banner>
        <TextLink href="/sign-in">I have an account: sign in</TextLink>
      </>
    );
  }
  if (link === null) return <Skeleton className="w-2/3" />;
  return <JoinForm link={link} accept={(input) => client.people.accept.mutate(input)} />;
}

const BROKEN_LINK = 'This link is not whole. Copy all of it, the part after # included.';

interface Account {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

interface Attempt {
  readonly name: string;
  readonly email: string;
  readonly failure: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

function JoinForm({ link, accept }: { link: Link; accept: (account: Account) => Promise<void> }) {
  const [attempt, submit, isPending] = useActionState(
    async (_before: Attempt, form: FormData): Promise<Attempt> => {
      const [name, email, password] = ['name', 'email', 'password'].map((field) => String(form.get(field)));
      const account = { token: link.token, name: name ?? '', email: email ?? '', password: password ?? '' };
      const typed = { name: account.name, email: account.email };
      try {
        await accept(account);
      } catch (error) {
        const fields = fieldErrors(error);
        return { ...typed, fields, failure: Object.keys(fields).length > 0 ? null : errorMessage(error) };
      }
      const failure = await signIn(account.email, account.password);
      window.location.assign(failure === null ? '/' : '/sign-in');
      return { ...typed, fields: {}, failure };
    },
    { name: '', email: '', failure: null, fields: {} },
  );
  return (
    <form action={submit} className="grid gap-3" noValidate>
      <p className="text-pretty text-ink-2">
        {link.first ? FIRST : `You were invited as ${link.role}: ${roleSentence[link.role]}`}
      </p>
      {attempt.failure !== null && (
        <Banner tone="bad" announce>
          {attempt.failure}
        </Banner>
      )}
      <Field label="Name" hint="As others see it beside what you do." invalid={attempt.fields.name}>
        <Input name="name" autoComplete="name" required defaultValue={attempt.name} key={`name ${attempt.name}`} />
      </Field>
      <Field label="E-mail address" hint="You sign in with it. Nothing is sent to it." invalid={attempt.fields.email}>
        <Input
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={attempt.email}
          key={`email ${attempt.email}`}
        />
      </Field>
      <Field label="Password" hint={passwordHint} invalid={attempt.fields.password}>
        <Input name="password" type="password" autoComplete="new-password" required />
      </Field>
      <Button type="submit" variant="primary" block disabled={isPending}>
        Make the account and sign in
      </Button>
    </form>
  );
}

const FIRST = 'You are the first here, so you become an administrator: you can do everything, and invite others.';
