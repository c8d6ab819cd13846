import '../tokens.css';
import './phone.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Phones } from './Phones';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Phones />
  </StrictMode>,
);
