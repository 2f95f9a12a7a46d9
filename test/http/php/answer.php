<?php
// What PHP makes of a request, as the router script of `php -S`: one JSON object with the arrays that a vendor's code reads.
$json = json_decode(file_get_contents('php://input'), true, 64);
$given = $_POST['page'] ?? $_GET['page'] ?? $json['page'] ?? null;
$page = filter_var($given, FILTER_VALIDATE_INT);
header('Content-Type: application/json');
echo json_encode([
    'query' => $_GET,
    'form' => $_POST,
    'json' => $json,
    'page' => $page !== false && $page >= 1 ? $page : 1, // Laravel's Paginator::resolveCurrentPage
], JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR);
