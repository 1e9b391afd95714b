'use client';

import type { ComponentProps } from 'react';
import { Select } from '@/components/ui/select';
import { type Role, roles } from '@/server/contract/people.ts';

const options = roles.map((role) => ({ value: role, label: role }));

export function RoleSelect(props: Omit<ComponentProps<typeof Select<Role>>, 'options'>) {
  return <Select<Role> {...props} options={options} />;
}
