-- HAProxy checks from its own address, without any privilege, whether each node is in the cluster (deploy/haproxy.cfg).
CREATE USER haproxy@10.89.7.10;
