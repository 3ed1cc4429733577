export { explainPlan } from './explain.js';
export type { Distribution, Plan, PlanEdge, PlanExchange, PlanNode, PlanStage } from './plan.js';
export { type PlanOptions, planGraph } from './plan-graph.js';
